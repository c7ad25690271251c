using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Tests.Support;
using Npgsql;

namespace DevPlatform.MockTools.Tests.Platform;

[Collection(MiniaturePlatformCollection.Name)]
public sealed class ProvisioningTests(MiniaturePlatform platform)
{
    [Fact]
    public async Task A_committed_claim_becomes_a_database_with_working_logins_and_goes_with_its_commit()
    {
        var commit = await platform.CommitClaimAsync("orders-db");
        var claim = await platform.ReadyAsync("orders-db");

        MiniaturePlatform.Condition(claim, "Synced")!["reason"]!.GetValue<string>().ShouldBe("ReconcileSuccess");
        MiniaturePlatform.Condition(claim, "Ready")!["reason"]!.GetValue<string>().ShouldBe("Available");
        var database = claim["status"]!["database"]!["name"]!.GetValue<string>();
        database.ShouldBe("team_orders__orders_db");
        await using (var admin = await LoginAsync(claim, "admin"))
        {
            await RunAsync(admin, "CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)");
        }

        await using (var write = await LoginAsync(claim, "write"))
        {
            await RunAsync(write, "INSERT INTO orders VALUES (2)");
            (await Should.ThrowAsync<PostgresException>(() => RunAsync(write, "CREATE TABLE intruder (id int)"))).SqlState.ShouldBe("42501");
        }

        await using (var read = await LoginAsync(claim, "read"))
        {
            (await ScalarAsync(read, "SELECT count(*) FROM orders")).ShouldBe(2L);
            (await Should.ThrowAsync<PostgresException>(() => RunAsync(read, "INSERT INTO orders VALUES (3)"))).SqlState.ShouldBe("42501");
        }

        await Eventually.HoldsAsync(async () => IsSyncedAndHealthy(await platform.ApplicationAsync(), commit), "the application is synced and healthy");
        var secret = (await platform.Cluster.GetFromJsonAsync<JsonObject>("api/v1/namespaces/team-orders/secrets/orders-db-credentials"))!;
        secret["data"]!["username"]!.GetValue<string>().ShouldNotBeEmpty();

        await platform.CommitAsync("Remove orders-db", clone => Directory.Delete(Path.Combine(clone, "claims/team-orders/orders-db"), recursive: true));

        await Eventually.HoldsAsync(async () => await platform.ClaimAsync("orders-db") is null, "the claim is gone");
        (await DatabasesAsync()).ShouldNotContain(database);
        (await platform.Vault.GetAsync("database/roles/team-orders-orders-db-read")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await platform.Cluster.GetFromJsonAsync<JsonObject>("apis/platform.devplatform.io/v1alpha1/xpostgresqlinstances"))!["items"]!.AsArray()
            .ShouldNotContain(x => x!["spec"]!["claimRef"]!["name"]!.GetValue<string>() == "orders-db");
    }

    [Fact]
    public async Task A_claim_has_a_composite_and_managed_resources_that_name_each_other()
    {
        await platform.CommitClaimAsync("tree-db", "medium");
        var claim = await platform.ReadyAsync("tree-db");
        var name = claim["spec"]!["resourceRef"]!["name"]!.GetValue<string>();

        var composite = (await platform.Cluster.GetFromJsonAsync<JsonObject>($"apis/platform.devplatform.io/v1alpha1/xpostgresqlinstances/{name}"))!;
        composite["spec"]!["claimRef"]!["namespace"]!.GetValue<string>().ShouldBe("team-orders");
        composite["spec"]!["resourceRefs"]!.AsArray().Count.ShouldBe(7);
        var cluster = (await platform.Cluster.GetFromJsonAsync<JsonObject>($"apis/kubernetes.crossplane.io/v1alpha2/objects?labelSelector=crossplane.io/composite={name}"))!["items"]!.AsArray()
            .Single(o => o!["spec"]!["forProvider"]!["manifest"]!["kind"]!.GetValue<string>() == "Cluster")!;
        cluster["spec"]!["forProvider"]!["manifest"]!["spec"]!["storage"]!["size"]!.GetValue<string>().ShouldBe("10Gi");
        cluster["spec"]!["forProvider"]!["manifest"]!["spec"]!["resources"]!["requests"]!["cpu"]!.GetValue<string>().ShouldBe("2");
        cluster["spec"]!["forProvider"]!["manifest"]!["spec"]!["bootstrap"]!.AsObject().Select(p => p.Key).ShouldBe(["initdb"]);
        cluster["metadata"]!["ownerReferences"]![0]!["uid"]!.GetValue<string>().ShouldBe(composite["metadata"]!["uid"]!.GetValue<string>());
        MiniaturePlatform.Condition(cluster, "Ready")!["status"]!.GetValue<string>().ShouldBe("True");
    }

    [Fact]
    public async Task A_claim_told_to_fail_says_why_and_makes_no_database()
    {
        await platform.CommitClaimAsync("failing-db", annotations: "{ mock.devplatform.io/fail: 'no capacity in zone a' }");

        var claim = await Eventually.GetAsync(
            async () => await platform.ClaimAsync("failing-db") is { } found && MiniaturePlatform.Condition(found, "Synced")?["status"]?.GetValue<string>() == "False" ? found : null, "the claim fails");

        MiniaturePlatform.Condition(claim, "Synced")!["reason"]!.GetValue<string>().ShouldBe("ReconcileError");
        MiniaturePlatform.Condition(claim, "Synced")!["message"]!.GetValue<string>().ShouldBe("no capacity in zone a");
        await Eventually.HoldsAsync(async () => (await platform.ApplicationAsync())["status"]!["health"]!["status"]!.GetValue<string>() == "Degraded", "the application is degraded");
        (await DatabasesAsync()).ShouldNotContain("team_orders__failing_db");
        await platform.CommitAsync("Remove failing-db", clone => Directory.Delete(Path.Combine(clone, "claims/team-orders/failing-db"), recursive: true));
        await Eventually.HoldsAsync(async () => await platform.ClaimAsync("failing-db") is null, "the failed claim is gone");
    }

    [Fact]
    public async Task A_claim_waits_while_vault_is_down_and_then_becomes_ready()
    {
        (await platform.Vault.PutAsJsonAsync("../__faults", new { path = "/v1/database/config", status = 503, method = "POST" })).EnsureSuccessStatusCode();
        await platform.CommitClaimAsync("patient-db");
        await Eventually.HoldsAsync(async () =>
        {
            var objects = await platform.Cluster.GetFromJsonAsync<JsonObject>("apis/kubernetes.crossplane.io/v1alpha2/objects?labelSelector=crossplane.io/claim-name=patient-db");
            return objects!["items"]!.AsArray().Any(o => MiniaturePlatform.Condition(o, "Synced")?["message"]?.GetValue<string>().Contains("503") == true);
        }, "the managed resource tells what Vault said");
        var waiting = (await platform.ClaimAsync("patient-db"))!;
        MiniaturePlatform.Condition(waiting, "Ready")!["reason"]!.GetValue<string>().ShouldBe("Waiting");
        MiniaturePlatform.Condition(waiting, "Synced")!["status"]!.GetValue<string>().ShouldBe("True");

        (await platform.Vault.DeleteAsync("../__faults")).EnsureSuccessStatusCode();

        await platform.ReadyAsync("patient-db");
    }

    private static bool IsSyncedAndHealthy(JsonObject application, string commit) =>
        (application["status"]?["sync"]?["status"]?.GetValue<string>(), application["status"]?["sync"]?["revision"]?.GetValue<string>(), application["status"]?["health"]?["status"]?.GetValue<string>())
        == ("Synced", commit, "Healthy");

    private async Task<NpgsqlConnection> LoginAsync(JsonObject claim, string right)
    {
        var role = claim["status"]!["database"]!["vaultRoles"]![right]!.GetValue<string>();
        var credentials = (await platform.Vault.GetFromJsonAsync<JsonObject>($"database/creds/{role}"))!["data"]!;
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = claim["status"]!["host"]!.GetValue<string>(),
            Port = claim["status"]!["port"]!.GetValue<int>(),
            Database = claim["status"]!["database"]!["name"]!.GetValue<string>(),
            Username = credentials["username"]!.GetValue<string>(),
            Password = credentials["password"]!.GetValue<string>(),
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private async Task<List<string>> DatabasesAsync()
    {
        await using var connection = new NpgsqlConnection(platform.Postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT datname FROM pg_database", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
