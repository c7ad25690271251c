using System.Text.Json;

namespace DevPlatform.MockTools.Tests.Vault;

[Collection("vault")]
public sealed class TokenAndPolicyTests(VaultFixture vault)
{
    [Fact]
    public async Task The_portals_policy_lets_it_hand_out_credentials_but_read_no_secret()
    {
        var token = await LoginAsync();
        await vault.SendAsync("POST", "secret/data/team/x", new { data = new { password = "p" } });

        (await vault.SendAsync("GET", "secret/data/team/x", token: token)).Status.ShouldBe(403);
        (await vault.SendAsync("GET", "secret/metadata/team/x", token: token)).Status.ShouldBe(200);
        (await vault.SendAsync("POST", "database/roles/mine", new { db_name = "x" }, token)).Status.ShouldBe(403);
        (await vault.SendAsync("POST", "sys/leases/revoke-prefix/database", token: token)).Status.ShouldBe(403);
        var (_, capabilities) = await vault.SendAsync("POST", "sys/capabilities-self",
            new { paths = new[] { "database/creds/any", "secret/data/team/x", "secret/metadata/team/x" } }, token);
        capabilities.GetProperty("data").GetProperty("database/creds/any").EnumerateArray().Select(c => c.GetString()).ShouldBe(["read"]);
        capabilities.GetProperty("data").GetProperty("secret/data/team/x").EnumerateArray().Select(c => c.GetString()).ShouldBe(["deny"]);
        capabilities.GetProperty("data").GetProperty("secret/metadata/team/x").EnumerateArray().Select(c => c.GetString()).ShouldBe(["list", "read"]);
    }

    [Theory]
    [InlineData("developer-portal", "wrong", 403, "permission denied")]
    [InlineData("nobody", "the-portals-jwt", 400, "invalid role name \"nobody\"")]
    public async Task Kubernetes_logins_are_checked(string role, string jwt, int status, string message)
    {
        var (actual, error) = await vault.SendAsync("POST", "auth/kubernetes/login", new { role, jwt }, token: null);

        actual.ShouldBe(status);
        error.GetProperty("errors")[0].GetString().ShouldBe(message);
    }

    [Fact]
    public async Task A_service_account_that_the_role_does_not_name_is_refused()
    {
        await vault.SendAsync("POST", "auth/kubernetes/role/crossplane",
            new { bound_service_account_names = "crossplane", bound_service_account_namespaces = "crossplane-system" });

        var (status, error) = await vault.SendAsync("POST", "auth/kubernetes/login", new { role = "crossplane", jwt = "the-portals-jwt" },
            token: null);

        status.ShouldBe(403);
        error.GetProperty("errors")[0].GetString().ShouldBe("service account name not authorized");
    }

    [Fact]
    public async Task A_revoked_token_takes_its_children_along()
    {
        var parent = await CreateAsync(new { policies = new[] { "root" }, ttl = "30s" });
        var child = await CreateAsync(new { policies = new[] { "default" }, ttl = "1h" }, parent);
        (await vault.SendAsync("GET", "auth/token/lookup-self", token: child)).Status.ShouldBe(200);

        (await vault.SendAsync("POST", "auth/token/revoke", new { token = parent })).Status.ShouldBe(204);

        (await vault.SendAsync("GET", "auth/token/lookup-self", token: child)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Renewal_stops_at_the_explicit_maximum()
    {
        var token = await CreateAsync(new { policies = new[] { "default" }, ttl = "10m", explicit_max_ttl = "20m" });

        var (status, renewed) = await vault.SendAsync("POST", "auth/token/renew-self", new { increment = "1h" }, token);

        status.ShouldBe(200);
        renewed.GetProperty("auth").GetProperty("lease_duration").GetInt64().ShouldBeLessThanOrEqualTo(1200);
        renewed.GetProperty("warnings").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_token_of_one_use_is_used_up()
    {
        var token = await CreateAsync(new { policies = new[] { "default" }, num_uses = 1 });

        (await vault.SendAsync("GET", "auth/token/lookup-self", token: token)).Status.ShouldBe(200);
        (await vault.SendAsync("GET", "auth/token/lookup-self", token: token)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Check_and_set_deletion_and_history_of_secrets()
    {
        await vault.SendAsync("POST", "secret/data/cas/x", new { data = new { a = "1", b = "1" }, options = new { cas = 0 } });
        var (status, error) = await vault.SendAsync("POST", "secret/data/cas/x", new { data = new { a = "2" }, options = new { cas = 0 } });
        status.ShouldBe(400);
        error.GetProperty("errors")[0].GetString().ShouldBe("check-and-set parameter did not match the current version");

        (await vault.SendAsync("PATCH", "secret/data/cas/x", new { data = new { a = "2", b = (string?)null } })).Status.ShouldBe(200);
        (await vault.SendAsync("GET", "secret/data/cas/x")).Body.GetProperty("data").GetProperty("data").GetRawText().ShouldBe("""{"a":"2"}""");
        (await vault.SendAsync("GET", "secret/data/cas/x?version=1")).Body.GetProperty("data").GetProperty("data").GetProperty("b")
            .GetString().ShouldBe("1");

        (await vault.SendAsync("DELETE", "secret/data/cas/x")).Status.ShouldBe(204);
        (status, var deleted) = await vault.SendAsync("GET", "secret/data/cas/x");
        status.ShouldBe(404);
        deleted.GetProperty("data").GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Null);
        deleted.GetProperty("data").GetProperty("metadata").GetProperty("version").GetInt32().ShouldBe(2);
        (await vault.SendAsync("POST", "secret/undelete/cas/x", new { versions = new[] { 2 } })).Status.ShouldBe(204);
        (await vault.SendAsync("GET", "secret/data/cas/x")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Ssh_keys_are_signed_for_allowed_principals_only()
    {
        const string key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOQtV4ahUYuDfvsI50g1+rEG0OGHkQs4RhNW2ls9gb0Z ana";
        await vault.SendAsync("POST", "ssh/roles/servers", new { key_type = "ca", allowed_users = "ubuntu", ttl = "30m" });

        var (status, signed) = await vault.SendAsync("POST", "ssh/sign/servers", new { public_key = key, valid_principals = "ubuntu" });
        status.ShouldBe(200, signed.ToString());
        signed.GetProperty("data").GetProperty("signed_key").GetString().ShouldStartWith("ssh-ed25519-cert-v01@openssh.com AAAA");

        (status, var error) = await vault.SendAsync("POST", "ssh/sign/servers", new { public_key = key, valid_principals = "root" });
        status.ShouldBe(400);
        error.GetProperty("errors")[0].GetString().ShouldBe("root is not a valid value for valid_principals");
    }

    private async Task<string> LoginAsync()
    {
        var (_, login) = await vault.SendAsync("POST", "auth/kubernetes/login", new { role = "developer-portal", jwt = "the-portals-jwt" },
            token: null);
        return login.GetProperty("auth").GetProperty("client_token").GetString()!;
    }

    private async Task<string> CreateAsync(object order, string parent = VaultFixture.Root)
    {
        var (status, created) = await vault.SendAsync("POST", "auth/token/create", order, parent);
        status.ShouldBe(200, created.ToString());
        return created.GetProperty("auth").GetProperty("client_token").GetString()!;
    }
}
