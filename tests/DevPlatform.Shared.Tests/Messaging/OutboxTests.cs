using DevPlatform.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Shared.Tests.Messaging;

public sealed class OutboxTests(OutboxTests.Database database) : IClassFixture<OutboxTests.Database>
{
    private NotesHost Host => database.Host;

    [Fact]
    public async Task Delivers_what_was_committed()
    {
        var note = await Host.WriteAsync();

        (await Eventually.GetAsync(() => Host.ReceiptsAsync(note), r => r.Count > 0)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Delivers_nothing_of_a_transaction_that_was_rolled_back()
    {
        var note = await Host.WithOutboxAsync(async outbox =>
        {
            var id = Guid.NewGuid();
            outbox.DbContext.Notes.Add(new Note { Id = id, Text = "hello" });
            await outbox.PublishAsync(new NoteWritten(id));
            await outbox.DbContext.SaveChangesAsync();
            await outbox.DbContext.Database.RollbackTransactionAsync();
            return id;
        });
        await MessagesHaveRunAsync();

        (await Host.ReceiptsAsync(note)).ShouldBeEmpty();
        (await StoredAsync(note)).ShouldBeFalse();
    }

    [Fact]
    public async Task Delivers_nothing_when_saving_fails()
    {
        var id = await Host.WriteAsync();
        await Should.ThrowAsync<DbUpdateException>(() => Host.WithOutboxAsync(async outbox =>
        {
            await outbox.PublishAsync(new NoteWritten(id));
            outbox.DbContext.Notes.Add(new Note { Id = id, Text = "the same key again" });
            await outbox.SaveChangesAndFlushMessagesAsync(CancellationToken.None);
            return id;
        }));
        await MessagesHaveRunAsync();

        (await Host.ReceiptsAsync(id)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Sends_nothing_before_the_commit()
    {
        await Host.WithOutboxAsync(async outbox =>
        {
            var id = Guid.NewGuid();
            await outbox.PublishAsync(new NoteWritten(id));
            await MessagesHaveRunAsync();
            (await Host.ReceiptsAsync(id)).ShouldBeEmpty();

            await outbox.SaveChangesAndFlushMessagesAsync(CancellationToken.None);
            await Eventually.GetAsync(() => Host.ReceiptsAsync(id), r => r.Count == 1);
            return id;
        });
    }

    [Fact]
    public async Task Serves_several_transactions_in_one_scope()
    {
        var notes = await Host.WithOutboxAsync(async outbox =>
        {
            var ids = new[] { Guid.NewGuid(), Guid.NewGuid() };
            foreach (var id in ids)
            {
                await outbox.PublishAsync(new NoteWritten(id));
                await outbox.SaveChangesAndFlushMessagesAsync(CancellationToken.None);
            }

            return ids;
        });

        foreach (var note in notes)
        {
            (await Eventually.GetAsync(() => Host.ReceiptsAsync(note), r => r.Count > 0)).ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task Forgets_a_rolled_back_transaction_when_the_next_begins()
    {
        var (lost, sent) = (Guid.NewGuid(), Guid.NewGuid());
        await Host.WithOutboxAsync(async outbox =>
        {
            await outbox.PublishAsync(new NoteWritten(lost));
            await outbox.DbContext.Database.RollbackTransactionAsync();
            await outbox.PublishAsync(new NoteWritten(sent));
            await outbox.SaveChangesAndFlushMessagesAsync(CancellationToken.None);
            return sent;
        });

        await Eventually.GetAsync(() => Host.ReceiptsAsync(sent), r => r.Count == 1);
        (await Host.ReceiptsAsync(lost)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delivers_a_scheduled_message_when_its_time_has_come()
    {
        var later = await Host.WriteAsync(DateTimeOffset.UtcNow.AddHours(1));
        var soon = await Host.WriteAsync(DateTimeOffset.UtcNow.AddSeconds(1));
        var past = await Host.WriteAsync(DateTimeOffset.UtcNow.AddMinutes(-1));

        (await Eventually.GetAsync(() => Host.ReceiptsAsync(soon), r => r.Count > 0)).ShouldHaveSingleItem();
        (await Eventually.GetAsync(() => Host.ReceiptsAsync(past), r => r.Count > 0)).ShouldHaveSingleItem();
        (await Host.ReceiptsAsync(later)).ShouldBeEmpty();
    }

    /// <summary>A message sent after those of interest, handled: they would have been, too.</summary>
    private async Task MessagesHaveRunAsync()
    {
        var marker = await Host.WriteAsync();
        await Eventually.GetAsync(() => Host.ReceiptsAsync(marker), r => r.Count == 1);
    }

    private async Task<bool> StoredAsync(Guid note)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<NotesDbContext>().Notes.AnyAsync(n => n.Id == note);
    }

    public sealed class Database : IAsyncLifetime
    {
        internal NotesHost Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await NotesHost.StartAsync(await PostgresServer.CreateDatabaseAsync());

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
