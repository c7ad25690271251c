using System.Net;
using System.Text.Json;
using DevPlatform.Access.Tests.Support;
using Npgsql;

namespace DevPlatform.Access.Tests.Credentials;

[Collection(AccessCollection.Name)]
public sealed class CredentialTests(AccessPlatform platform)
{
    private readonly HttpClient _developer = platform.Client("developer");

    [Fact]
    public async Task Works_in_the_database_until_the_access_expires()
    {
        var active = await _developer.GetAccessAsync("PT5S");
        var credential = await _developer.PostAsync($"requests/{active.Id()}/credentials");

        credential.GetProperty("host").GetString().ShouldBe("db.example");
        credential.GetProperty("port").GetInt32().ShouldBe(5432);
        credential.GetProperty("database").GetString().ShouldBe("orders");
        var end = active.GetProperty("expiresAt").GetDateTimeOffset();
        credential.GetProperty("expiresAt").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(end.AddMilliseconds(1));
        (await LoginAsync(credential)).ShouldBeNull();

        var expired = await _developer.UntilAsync(active.Id(), "Expired");

        (expired.GetProperty("endedAt").GetDateTimeOffset() - end).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await _developer.UntilAsync(active.Id(), r => !r.GetProperty("credential").IsNull("revokedAt"), "the lease is revoked");
        (await LoginAsync(credential)).ShouldNotBeNull();
        (await _developer.RefusedAsync(HttpStatusCode.Conflict, $"requests/{active.Id()}/credentials")).ShouldContain("is Expired");
    }

    [Fact]
    public async Task Is_shown_once_to_the_requester_alone_and_kept_nowhere()
    {
        var id = (await _developer.GetAccessAsync()).Id();
        await platform.Client("security-approver").RefusedAsync(HttpStatusCode.Forbidden, $"requests/{id}/credentials");
        using var response = await _developer.PostAsync($"/api/access/requests/{id}/credentials", null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var credential = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var password = credential.GetProperty("password").GetString()!;

        (await _developer.RefusedAsync(HttpStatusCode.Conflict, $"requests/{id}/credentials")).ShouldContain("shown once");

        (await LoginAsync(credential)).ShouldBeNull();
        platform.Log.ShouldNotBeEmpty();
        platform.Log.Where(line => line.Contains(password, StringComparison.Ordinal)).ShouldBeEmpty();
        foreach (var table in await platform.QueryAsync<string>(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
        {
            (await platform.QueryAsync<long>($"select count(*) from {table} t where t::text like '%' || $1 || '%'", password))[0].ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task Of_two_calls_at_once_one_gets_it()
    {
        var id = (await _developer.GetAccessAsync()).Id();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _developer.PostAsync($"/api/access/requests/{id}/credentials", null)));

        answers.Select(a => a.StatusCode).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict]);
    }

    [Fact]
    public async Task Ends_at_once_when_the_access_is_given_back()
    {
        var id = (await _developer.GetAccessAsync()).Id();
        var credential = await _developer.PostAsync($"requests/{id}/credentials");

        await _developer.PostAsync($"requests/{id}/revoke");

        await _developer.UntilAsync(id, r => !r.GetProperty("credential").IsNull("revokedAt"), "the lease is revoked");
        (await LoginAsync(credential)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Is_revoked_when_Vault_comes_back_after_the_end()
    {
        var id = (await _developer.GetAccessAsync("PT5S", "write")).Id();
        var credential = await _developer.PostAsync($"requests/{id}/credentials");
        await using (await platform.Vault.BreakAsync("/v1/sys/leases/revoke"))
        {
            (await _developer.UntilAsync(id, "Expired")).GetProperty("credential").IsNull("revokedAt").ShouldBeTrue();
            await Eventually.TrueAsync(
                async () => (await platform.QueryAsync<int>("select credential_attempts from access.requests where id = $1", Guid.Parse(id)))[0] >= 2,
                () => "revocation is tried again");
        }

        await _developer.UntilAsync(id, r => !r.GetProperty("credential").IsNull("revokedAt"), "the lease is revoked");
        await Eventually.TrueAsync(async () => !await RoleExistsAsync(credential), () => "the login is gone");
    }

    [Fact]
    public async Task Is_not_issued_while_Vault_is_down_and_can_be_had_later()
    {
        var id = (await _developer.GetAccessAsync()).Id();
        await using (await platform.Vault.BreakAsync("/v1/database/creds"))
        {
            (await _developer.RefusedAsync(HttpStatusCode.ServiceUnavailable, $"requests/{id}/credentials")).ShouldContain("503");
        }

        (await LoginAsync(await _developer.PostAsync($"requests/{id}/credentials"))).ShouldBeNull();
    }

    [Fact]
    public async Task Leaves_nothing_behind_when_its_time_cannot_be_limited()
    {
        var id = (await _developer.GetAccessAsync("PT10M")).Id();
        await using (await platform.Vault.BreakAsync("/v1/sys/leases/renew"))
        {
            await _developer.RefusedAsync(HttpStatusCode.ServiceUnavailable, $"requests/{id}/credentials");
        }

        var leases = await platform.QueryAsync<string>("select coalesce(credential_lease_id, '') from access.requests where id = $1", Guid.Parse(id));
        leases.ShouldBe([""]);
        (await LoginAsync(await _developer.PostAsync($"requests/{id}/credentials"))).ShouldBeNull();
    }

    [Fact]
    public async Task Lives_as_long_as_the_extended_access()
    {
        var id = (await _developer.GetAccessAsync("PT6S")).Id();
        var credential = await _developer.PostAsync($"requests/{id}/credentials");
        var end = (await _developer.PostAsync($"requests/{id}/extend", new { duration = "PT10M", justification = "Longer" })).GetProperty("expiresAt").GetDateTimeOffset();

        await Eventually.TrueAsync(
            async () => await ValidUntilAsync(credential) is { } until && until > end.AddSeconds(-10) && until <= end, () => $"the login lives until {end}");
    }

    [Fact]
    public async Task Is_not_for_servers_which_use_Teleports_certificates()
    {
        var sre = platform.Client("sre-approver");
        var id = (await _developer.RequestAccessAsync(Calls.Request("web1", duration: null))).Id();
        await sre.PostAsync($"requests/{id}/review", new { decision = "approve" });
        await _developer.UntilAsync(id, "Active");

        (await _developer.RefusedAsync(HttpStatusCode.BadRequest, $"requests/{id}/credentials")).ShouldContain("tsh login --request-id=");
    }

    /// <summary>What PostgreSQL says against the login; null when it works.</summary>
    private async Task<string?> LoginAsync(JsonElement credential)
    {
        var target = new NpgsqlConnectionStringBuilder(platform.Target)
        {
            Username = credential.GetProperty("username").GetString(),
            Password = credential.GetProperty("password").GetString(),
            Pooling = false,
        };
        try
        {
            await using var connection = new NpgsqlConnection(target.ConnectionString);
            await connection.OpenAsync();
            return null;
        }
        catch (PostgresException e)
        {
            return e.MessageText;
        }
    }

    private async Task<bool> RoleExistsAsync(JsonElement credential) => await ValidUntilAsync(credential) is not null;

    private async Task<DateTimeOffset?> ValidUntilAsync(JsonElement credential)
    {
        await using var source = NpgsqlDataSource.Create(platform.Target);
        await using var command = source.CreateCommand("select rolvaliduntil from pg_roles where rolname = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = credential.GetProperty("username").GetString() });
        return await command.ExecuteScalarAsync() is DateTime until ? new DateTimeOffset(until) : null;
    }
}
