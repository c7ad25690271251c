using DevPlatform.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Shared.Tests.Messaging;

/// <summary>What is left of a process that was killed, seen by the process that starts after it.</summary>
public sealed class CrashTests
{
    /// <summary>The platform promises that work moves from a dead replica within 30 s; starting hosts on a busy machine comes on top.</summary>
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Killed_after_the_commit_the_message_is_delivered_by_the_next_process()
    {
        var connection = await PostgresServer.CreateDatabaseAsync();
        var note = await CrashingProcess.RunAsync(CrashingProcess.AfterCommit, connection);

        await using var next = await NotesHost.StartAsync(connection, "next");

        var receipt = (await Eventually.GetAsync(() => next.ReceiptsAsync(note), r => r.Count > 0, Takeover)).ShouldHaveSingleItem();
        receipt.Host.ShouldBe("next");
    }

    [Fact]
    public async Task Killed_before_the_commit_there_is_neither_change_nor_message()
    {
        var connection = await PostgresServer.CreateDatabaseAsync();
        var note = await CrashingProcess.RunAsync(CrashingProcess.BeforeCommit, connection);

        await using var next = await NotesHost.StartAsync(connection, "next");
        await using var scope = next.Services.CreateAsyncScope();

        (await scope.ServiceProvider.GetRequiredService<NotesDbContext>().Notes.AnyAsync(n => n.Id == note)).ShouldBeFalse();
        await using var command = scope.ServiceProvider.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateCommand("select count(*) from wolverine.wolverine_incoming_envelopes");
        (await command.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task A_message_is_handled_by_one_of_two_hosts_and_taken_over_when_that_one_dies()
    {
        var connection = await PostgresServer.CreateDatabaseAsync();
        await using var survivor = await NotesHost.StartAsync(connection, "survivor");
        var orphan = await CrashingProcess.RunAsync(CrashingProcess.AfterCommit, connection);
        var own = await survivor.WriteAsync();

        (await Eventually.GetAsync(() => survivor.ReceiptsAsync(own), r => r.Count > 0)).ShouldHaveSingleItem();
        (await Eventually.GetAsync(() => survivor.ReceiptsAsync(orphan), r => r.Count > 0, Takeover)).ShouldHaveSingleItem().Host.ShouldBe("survivor");
    }
}
