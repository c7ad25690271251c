using System.Text.Json;
using DevPlatform.MockTools.Tests.Support;
using Npgsql;

namespace DevPlatform.MockTools.Tests.Vault;

/// <summary>Credentials are roles in a real PostgreSQL and end with their lease.</summary>
[Collection("vault")]
public sealed class DatabaseCredentialTests(VaultFixture vault)
{
    [Fact]
    public async Task A_credential_logs_in_to_postgresql_with_what_its_role_grants()
    {
        var role = await vault.AddRoleAsync();

        var (status, credentials) = await vault.SendAsync("GET", $"database/creds/{role}");

        status.ShouldBe(200);
        credentials.GetProperty("lease_id").GetString().ShouldStartWith($"database/creds/{role}/");
        credentials.GetProperty("lease_duration").GetInt64().ShouldBe(3600);
        credentials.GetProperty("renewable").GetBoolean().ShouldBeTrue();
        await using var connection = vault.ConnectAs(credentials);
        await connection.OpenAsync();
        await using var allowed = new NpgsqlCommand("SELECT current_user", connection);
        (await allowed.ExecuteScalarAsync()).ShouldBe(credentials.GetProperty("data").GetProperty("username").GetString());
        await using var forbidden = new NpgsqlCommand("CREATE DATABASE mine", connection);
        (await Should.ThrowAsync<PostgresException>(() => forbidden.ExecuteNonQueryAsync())).SqlState.ShouldBe("42501");
    }

    [Fact]
    public async Task Revoking_drops_the_role_and_ends_its_sessions()
    {
        var (_, credentials) = await vault.SendAsync("GET", $"database/creds/{await vault.AddRoleAsync()}");
        await using var open = vault.ConnectAs(credentials);
        await open.OpenAsync();

        var (status, _) = await vault.SendAsync("POST", "sys/leases/revoke", new { lease_id = LeaseId(credentials), sync = true });

        status.ShouldBe(204);
        (await vault.RoleExistsAsync(credentials)).ShouldBeFalse();
        await using var query = new NpgsqlCommand("SELECT 1", open);
        await Should.ThrowAsync<NpgsqlException>(() => query.ExecuteScalarAsync());
        var (again, error) = await vault.SendAsync("POST", "sys/leases/revoke", new { lease_id = LeaseId(credentials) });
        again.ShouldBe(400);
        error.GetProperty("errors")[0].GetString().ShouldBe("invalid lease");
    }

    [Fact]
    public async Task A_lease_that_runs_out_takes_the_role_along()
    {
        var (_, credentials) = await vault.SendAsync("GET", $"database/creds/{await vault.AddRoleAsync(defaultTtl: "60s", maxTtl: "120s")}");
        (await vault.RoleExistsAsync(credentials)).ShouldBeTrue();

        vault.Time.Advance(TimeSpan.FromSeconds(61));

        await Eventually.HoldsAsync(async () => !await vault.RoleExistsAsync(credentials), "the role is dropped");
        (await vault.SendAsync("POST", "sys/leases/lookup", new { lease_id = LeaseId(credentials) })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Renewing_goes_as_far_as_max_ttl()
    {
        var (_, credentials) = await vault.SendAsync("GET", $"database/creds/{await vault.AddRoleAsync(defaultTtl: "1h", maxTtl: "2h")}");

        var (_, renewed) = await vault.SendAsync("POST", "sys/leases/renew", new { lease_id = LeaseId(credentials), increment = 1800 });
        renewed.GetProperty("lease_duration").GetInt64().ShouldBe(1800);
        var (_, capped) = await vault.SendAsync("POST", "sys/leases/renew", new { lease_id = LeaseId(credentials), increment = 36000 });

        capped.GetProperty("lease_duration").GetInt64().ShouldBeLessThanOrEqualTo(7200);
        capped.GetProperty("warnings")[0].GetString()!.ShouldContain("capped");
        var (_, lookup) = await vault.SendAsync("POST", "sys/leases/lookup", new { lease_id = LeaseId(credentials) });
        lookup.GetProperty("data").GetProperty("last_renewal").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task A_lease_dies_with_its_token()
    {
        var role = await vault.AddRoleAsync();
        var token = await TokenAsync("developer-portal");
        var (_, credentials) = await vault.SendAsync("GET", $"database/creds/{role}", token: token);

        (await vault.SendAsync("POST", "auth/token/revoke-self", token: token)).Status.ShouldBe(204);

        (await vault.RoleExistsAsync(credentials)).ShouldBeFalse();
        (await vault.SendAsync("GET", $"database/creds/{role}", token: token)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Leases_survive_a_restart()
    {
        var (_, credentials) = await vault.SendAsync("GET", $"database/creds/{await vault.AddRoleAsync()}");

        await vault.RestartAsync();

        var (status, lookup) = await vault.SendAsync("POST", "sys/leases/lookup", new { lease_id = LeaseId(credentials) });
        status.ShouldBe(200);
        lookup.GetProperty("data").GetProperty("ttl").GetInt64().ShouldBeInRange(1, 3600);
        (await vault.SendAsync("POST", "sys/leases/revoke", new { lease_id = LeaseId(credentials) })).Status.ShouldBe(202);
        (await vault.RoleExistsAsync(credentials)).ShouldBeFalse();
    }

    [Fact]
    public async Task Revoking_a_prefix_ends_all_leases_below_it()
    {
        var role = await vault.AddRoleAsync();
        var (_, one) = await vault.SendAsync("GET", $"database/creds/{role}");
        var (_, two) = await vault.SendAsync("GET", $"database/creds/{role}");
        var (_, listed) = await vault.SendAsync("LIST", $"sys/leases/lookup/database/creds/{role}/");
        listed.GetProperty("data").GetProperty("keys").GetArrayLength().ShouldBe(2);

        (await vault.SendAsync("POST", $"sys/leases/revoke-prefix/database/creds/{role}")).Status.ShouldBe(204);

        (await vault.RoleExistsAsync(one)).ShouldBeFalse();
        (await vault.RoleExistsAsync(two)).ShouldBeFalse();
    }

    [Fact]
    public async Task Wrong_roles_and_databases_are_told_apart()
    {
        var (status, error) = await vault.SendAsync("GET", "database/creds/none");
        status.ShouldBe(400);
        error.GetProperty("errors")[0].GetString().ShouldBe("unknown role: none");

        (status, error) = await vault.SendAsync("POST", "database/config/broken",
            new { plugin_name = "postgresql-database-plugin", connection_url = "postgresql://a:b@127.0.0.1:1/x" });
        status.ShouldBe(400);
        error.GetProperty("errors")[0].GetString()!.ShouldContain("error verifying connection");

        (await vault.SendAsync("GET", "database/roles/none")).Status.ShouldBe(404);
    }

    private async Task<string> TokenAsync(string policy)
    {
        var (_, created) = await vault.SendAsync("POST", "auth/token/create", new { policies = new[] { policy }, ttl = "1h" });
        return created.GetProperty("auth").GetProperty("client_token").GetString()!;
    }

    private static string LeaseId(JsonElement credentials) => credentials.GetProperty("lease_id").GetString()!;
}
