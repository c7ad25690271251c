using System.Text.Json;
using DevPlatform.Catalog.Crossplane;
using DevPlatform.Catalog.Storage;

namespace DevPlatform.Catalog.Tests.Crossplane;

public sealed class ClaimStateTests
{
    [Theory]
    [InlineData("", null, "Provisioning")]
    [InlineData("""{"type":"Ready","status":"False","reason":"Creating","message":"wait"}""", null, "Provisioning")]
    [InlineData("""{"type":"Ready","status":"True","reason":"Available"}""", null, "Ready")]
    [InlineData("""{"type":"Ready","status":"False","reason":"Unavailable","message":"down"}""", "Ready", "Degraded")]
    [InlineData("""{"type":"Synced","status":"False","reason":"ReconcileError","message":"no quota"}""", null, "Failed")]
    [InlineData("""{"type":"Synced","status":"False","reason":"ReconcileError","message":"x"},{"type":"Ready","status":"True"}""", "Ready", "Degraded")]
    [InlineData("""{"type":"Ready","status":"True"}""", "Degraded", "Ready")]
    public void Follows_from_the_conditions(string conditions, string? before, string expected)
    {
        var claim = Claim($$$"""{"metadata":{"name":"db","namespace":"team","labels":{"l":"resource.default.orders.db"}},"status":{"conditions":[{{{conditions}}}]}}""");
        var row = ClaimState.Read("r", claim, "l", before is null ? null : Row(before)).ShouldNotBeNull();
        (row.State, row.EntityRef).ShouldBe((expected, "resource:default/orders.db"));
    }

    [Fact]
    public void Carries_the_operators_message_and_where_credentials_are()
    {
        var claim = Claim(
            """
            {"metadata":{"name":"db","namespace":"team","labels":{"l":"resource.default.db"},"deletionTimestamp":"2026-01-01T00:00:00Z"},
             "spec":{"environment":"staging","size":"small"},
             "status":{"host":"db.team","port":5432,"database":{"name":"orders","vaultRoles":{"read":"team-db-read"}},"conditions":[{"type":"Ready","status":"False","reason":"Deleting","message":"going"}]}}
            """);
        var row = ClaimState.Read("r", claim, "l", null).ShouldNotBeNull();
        (row.State, row.Message, row.Environment, row.Size, row.Connection).ShouldBe(("Deleting", "going", "staging", "small", """{"host":"db.team","port":5432,"database":"orders","vaultPath":"database/creds/team-db-read"}"""));
    }

    [Fact]
    public void A_claim_without_the_label_belongs_to_nothing() =>
        ClaimState.Read("r", Claim("""{"metadata":{"name":"db","namespace":"team"}}"""), "l", null).ShouldBeNull();

    private static JsonElement Claim(string json) => JsonDocument.Parse(json).RootElement;

    private static ClaimRow Row(string state) => new() { Resource = "r", Namespace = "team", Name = "db", EntityRef = "resource:default/orders.db", State = state };
}
