using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.Shared.Tests.Messaging;

/// <summary>A note, what a module of these tests stores.</summary>
public sealed class Note
{
    public Guid Id { get; init; }

    public required string Text { get; init; }
}

/// <summary>That a message was handled, and where.</summary>
public sealed class Receipt
{
    public long Id { get; init; }

    public Guid NoteId { get; init; }

    public required string Host { get; init; }
}

public sealed class NotesDbContext(DbContextOptions<NotesDbContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    public DbSet<Receipt> Receipts => Set<Receipt>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.HasDefaultSchema("notes");
}

public sealed record NoteWritten(Guid NoteId);

public sealed record HostName(string Value);

public static class NoteWrittenHandler
{
    public static async Task Handle(NoteWritten message, NotesDbContext db, HostName host, CancellationToken cancellationToken)
    {
        db.Receipts.Add(new Receipt { NoteId = message.NoteId, Host = host.Value });
        await db.SaveChangesAsync(cancellationToken);
    }
}

/// <summary>A host with messaging, one module and nothing else, on a real database.</summary>
internal sealed class NotesHost : IAsyncDisposable
{
    private readonly IHost _host;

    private NotesHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public static async Task<NotesHost> StartAsync(string connectionString, string name = "host", IInterceptor? interceptor = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(NpgsqlDataSource.Create(connectionString));
        builder.Services.AddSingleton(new HostName(name));
        builder.Services.AddSingleton<DatabaseMigrator>();
        builder.AddPlatformMessaging(connectionString, typeof(NotesHost).Assembly);
        builder.Services.AddModuleMessages(typeof(NotesHost).Assembly);
        builder.Services.AddDbContext<NotesDbContext>(
            (services, options) => options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()).AddInterceptors(interceptor is null ? [] : [interceptor]),
            optionsLifetime: ServiceLifetime.Singleton);
        var host = builder.Build();
        await host.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        await CreateTablesAsync(host.Services);
        await host.StartAsync();
        return new NotesHost(host);
    }

    public async Task<T> WithOutboxAsync<T>(Func<Outbox<NotesDbContext>, Task<T>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<Outbox<NotesDbContext>>());
    }

    /// <summary>Writes a note and its message, as a handler would.</summary>
    public Task<Guid> WriteAsync(DateTimeOffset? at = null) => WithOutboxAsync(async outbox =>
    {
        var note = new Note { Id = Guid.NewGuid(), Text = "hello" };
        outbox.DbContext.Notes.Add(note);
        await (at is { } time ? outbox.ScheduleAsync(new NoteWritten(note.Id), time) : outbox.PublishAsync(new NoteWritten(note.Id)));
        await outbox.SaveChangesAndFlushMessagesAsync(CancellationToken.None);
        return note.Id;
    });

    public async Task<IReadOnlyList<Receipt>> ReceiptsAsync(Guid noteId)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<NotesDbContext>().Receipts.Where(r => r.NoteId == noteId).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static async Task CreateTablesAsync(IServiceProvider services)
    {
        await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            create schema if not exists notes;
            create table if not exists notes."Notes" ("Id" uuid primary key, "Text" text not null);
            create table if not exists notes."Receipts" ("Id" bigint generated always as identity primary key, "NoteId" uuid not null, "Host" text not null);
            """);
        await command.ExecuteNonQueryAsync();
    }
}
