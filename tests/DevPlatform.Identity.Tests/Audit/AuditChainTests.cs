using DevPlatform.Identity.Audit;
using DevPlatform.Identity.Data;
using DevPlatform.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DevPlatform.Identity.Tests.Audit;

/// <summary>On a host and database of its own: these tests break the chain.</summary>
public sealed class AuditChainTests(PlatformApi platform) : IClassFixture<PlatformApi>
{
    [Fact]
    public async Task Proves_the_chain_and_finds_what_was_tampered_with()
    {
        await AppendAsync(Enumerable.Range(0, 40));
        var auditor = platform.Client("auditor");

        var before = await auditor.GetJsonAsync("/api/identity/audit/verify");
        before.GetProperty("valid").GetBoolean().ShouldBeTrue();
        before.GetProperty("count").GetInt64().ShouldBe(40);
        before.GetProperty("headHash").GetString()!.ShouldMatch("^[0-9a-f]{64}$");

        // A superuser can turn the trigger off; the chain tells.
        await TamperAsync("update identity.audit_events set reason = 'nothing to see' where sequence = 17");
        await ShouldBreakAsync(17, "its content was changed");

        await TamperAsync("update identity.audit_events set reason = 'because' where sequence = 17", "delete from identity.audit_events where sequence = 20");
        await ShouldBreakAsync(21, "row 20 is missing");

        async Task ShouldBreakAsync(long at, string problem)
        {
            var after = await auditor.GetJsonAsync("/api/identity/audit/verify");
            after.GetProperty("valid").GetBoolean().ShouldBeFalse();
            after.GetProperty("brokenAt").GetInt64().ShouldBe(at);
            after.GetProperty("problem").GetString().ShouldBe(problem);
        }
    }

    /// <summary>As many writers at once as two busy replicas have: the lock, not a queue, keeps the order.</summary>
    private Task AppendAsync(IEnumerable<int> events) => Parallel.ForEachAsync(events, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancel) =>
    {
        await using var scope = platform.Services.CreateAsyncScope();
        await RecordAuditEventHandler.Handle(AuditTests.EventOn($"task:{i}"), scope.ServiceProvider.GetRequiredService<IdentityDbContext>(), cancel);
    });

    private async Task TamperAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(platform.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"alter table identity.audit_events disable trigger all; {string.Join("; ", statements)}; alter table identity.audit_events enable trigger all", connection);
        await command.ExecuteNonQueryAsync();
    }
}
