using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DevPlatform.Shared.Tests.Messaging;

/// <summary>This test assembly as a process of its own, which kills itself (SIGKILL) around the commit of an outbox transaction.</summary>
internal static class CrashingProcess
{
    public const string BeforeCommit = "before-commit";
    public const string AfterCommit = "after-commit";
    private const int Sigkill = 128 + 9;

    /// <summary>Runs it until it has killed itself; returns the note that it was writing.</summary>
    public static async Task<Guid> RunAsync(string moment, string connectionString)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet",
            [typeof(CrashingProcess).Assembly.Location, moment, connectionString])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(Sigkill, await errors);
        return Guid.Parse(output.Split('\n').Single(line => line.StartsWith("note ", StringComparison.Ordinal))["note ".Length..]);
    }

    /// <summary>What the process does.</summary>
    public static async Task<int> MainAsync(string[] args)
    {
        await using var host = await NotesHost.StartAsync(args[1], "crashing", new KillAt(args[0]));
        await host.WithOutboxAsync(async outbox =>
        {
            var note = new Note { Id = Guid.NewGuid(), Text = "last words" };
            Console.WriteLine($"note {note.Id}");
            outbox.DbContext.Notes.Add(note);
            await outbox.PublishAsync(new NoteWritten(note.Id));
            await outbox.SaveChangesAndFlushMessagesAsync(CancellationToken.None);
            return note.Id;
        });
        return 0;
    }

    private sealed class KillAt(string moment) : DbTransactionInterceptor
    {
        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            Kill(BeforeCommit);
            return base.TransactionCommittingAsync(transaction, eventData, result, cancellationToken);
        }

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Kill(AfterCommit);
            return base.TransactionCommittedAsync(transaction, eventData, cancellationToken);
        }

        private void Kill(string at)
        {
            if (at == moment)
            {
                Console.Out.Flush();
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.Infinite);
            }
        }
    }
}
