using System.Text.Json;

namespace DevPlatform.MockTools.Tests.Vault;

/// <summary>
/// The members of Vault's answers and their JSON types, as its published OpenAPI description and documentation have them. A shape here is
/// JSON too: <c>"string"</c>, <c>"number"</c>, <c>"boolean"</c>, <c>"any"</c>; <c>?</c> at the end allows null, <c>["…"]</c> is a list,
/// <c>{"*": …}</c> a map. Members that are not in the shape, or missing, fail.
/// </summary>
[Collection("vault")]
public sealed class VaultShapeTests(VaultFixture vault)
{
    private const string Envelope = """
        {"request_id":"string","lease_id":"string","renewable":"boolean","lease_duration":"number","data":DATA,"wrap_info":WRAP,"warnings":"any","auth":AUTH,"mount_type":"string"}
        """;

    [Fact]
    public async Task Health() => await ShouldMatchAsync("GET", "sys/health", null, """
        {"initialized":"boolean","sealed":"boolean","standby":"boolean","performance_standby":"boolean","replication_performance_mode":"string","replication_dr_mode":"string",
         "server_time_utc":"number","version":"string","enterprise":"boolean","cluster_name":"string","cluster_id":"string"}
        """, token: null);

    [Fact]
    public async Task Token_lookup() => await ShouldMatchAsync("GET", "auth/token/lookup-self", null, Enveloped(data: """
        {"id":"string","accessor":"string","policies":["string"],"ttl":"number","creation_time":"number","creation_ttl":"number","expire_time":"string?","issue_time":"string","explicit_max_ttl":"number",
         "renewable":"boolean","path":"string","meta":"any","num_uses":"number","orphan":"boolean","type":"string","entity_id":"string","display_name":"string"}
        """));

    [Fact]
    public async Task Token_creation_and_kubernetes_login()
    {
        const string auth = """
            {"client_token":"string","accessor":"string","policies":["string"],"token_policies":["string"],"identity_policies":["string"],"metadata":{"*":"string"},"lease_duration":"number",
             "renewable":"boolean","entity_id":"string","token_type":"string","orphan":"boolean","mfa_requirement":"any","num_uses":"number"}
            """;
        await ShouldMatchAsync("POST", "auth/token/create", new { policies = new[] { "developer-portal" } }, Enveloped(auth: auth));
        await ShouldMatchAsync("POST", "auth/kubernetes/login", new { role = "developer-portal", jwt = "the-portals-jwt" },
            Enveloped(auth: auth), token: null);
    }

    [Fact]
    public async Task Secrets()
    {
        const string version =
            """{"created_time":"string","custom_metadata":"any","deletion_time":"string","destroyed":"boolean","version":"number"}""";
        await ShouldMatchAsync("POST", "secret/data/shapes/one", new { data = new { a = "1" } }, Enveloped(data: version));
        await ShouldMatchAsync("GET", "secret/data/shapes/one", null, Enveloped(data: $$"""{"data":{"*":"any"},"metadata":{{version}}}"""));
        await ShouldMatchAsync("LIST", "secret/metadata/shapes/", null, Enveloped(data: """{"keys":["string"]}"""));
        await ShouldMatchAsync("GET", "secret/metadata/shapes?list=true", null, Enveloped(data: """{"keys":["string"]}"""));
        await ShouldMatchAsync("GET", "secret/metadata/shapes/one", null, Enveloped(data: """
            {"created_time":"string","updated_time":"string","current_version":"number","oldest_version":"number","max_versions":"number","cas_required":"boolean","delete_version_after":"string",
             "custom_metadata":"any","versions":{"*":{"created_time":"string","deletion_time":"string","destroyed":"boolean"}}}
            """));
    }

    [Fact]
    public async Task Database_roles_credentials_and_leases()
    {
        var role = await vault.AddRoleAsync();
        await ShouldMatchAsync("GET", $"database/roles/{role}", null, Enveloped(data: """
            {"db_name":"string","creation_statements":["string"],"revocation_statements":["string"],"renew_statements":["string"],"rollback_statements":["string"],"default_ttl":"number","max_ttl":"number","credential_type":"string"}
            """));
        await ShouldMatchAsync("GET", $"database/config/{role[..^5]}", null, Enveloped(data: """
            {"plugin_name":"string","plugin_version":"string","allowed_roles":["string"],"connection_details":{"connection_url":"string","username":"string"},"password_policy":"string","root_credentials_rotate_statements":["string"]}
            """));
        var credentials = await ShouldMatchAsync("GET", $"database/creds/{role}", null,
            Enveloped(data: """{"username":"string","password":"string"}"""));
        var lease = new { lease_id = credentials.GetProperty("lease_id").GetString() };
        await ShouldMatchAsync("POST", "sys/leases/lookup", lease, Enveloped(data: """
            {"id":"string","issue_time":"string","expire_time":"string","last_renewal":"string?","renewable":"boolean","ttl":"number"}
            """));
        await ShouldMatchAsync("POST", "sys/leases/renew", lease, Enveloped());
    }

    [Fact]
    public async Task Wrapping_and_capabilities()
    {
        var wrapped = await ShouldMatchAsync("GET", "auth/token/lookup-self", null, Enveloped(wrap: """
            {"token":"string","accessor":"string","ttl":"number","creation_time":"string","creation_path":"string","wrapped_accessor":"string"}
            """), headers: ("X-Vault-Wrap-TTL", "60s"));
        var token = wrapped.GetProperty("wrap_info").GetProperty("token").GetString();
        (await vault.SendAsync("POST", "sys/wrapping/unwrap", token: token)).Body.GetProperty("data").GetProperty("id").GetString()
            .ShouldBe(VaultFixture.Root);
        (await vault.SendAsync("POST", "sys/wrapping/unwrap", token: token)).Status.ShouldBe(400);

        await ShouldMatchAsync("POST", "sys/capabilities-self", new { paths = new[] { "secret/data/x" } }, Enveloped(data: """{"*":["string"]}"""));
    }

    [Fact]
    public async Task Errors()
    {
        (await vault.SendAsync("GET", "secret/data/none")).Body.GetRawText().ShouldBe("""{"errors":[]}""");
        (await vault.SendAsync("GET", "secret/data/none", token: null)).Body.GetRawText().ShouldBe("""{"errors":["permission denied"]}""");
        (await vault.SendAsync("GET", "unknown/mount")).Status.ShouldBe(403);
    }

    private static string Enveloped(string data = "\"any\"", string auth = "\"any\"", string wrap = "\"any\"") =>
        Envelope.Replace("DATA", data).Replace("AUTH", auth).Replace("WRAP", wrap);

    private async Task<JsonElement> ShouldMatchAsync(string method, string path, object? body, string shape,
        string? token = VaultFixture.Root, params (string, string)[] headers)
    {
        var (status, answer) = await vault.SendAsync(method, path, body, token, headers);
        status.ShouldBe(200, $"{path}: {answer}");
        Check(answer, JsonSerializer.Deserialize<JsonElement>(shape), path);
        return answer;
    }

    private static void Check(JsonElement actual, JsonElement shape, string where)
    {
        if (shape.ValueKind == JsonValueKind.Array)
        {
            actual.ValueKind.ShouldBe(JsonValueKind.Array, where);
            actual.EnumerateArray().ToList().ForEach(item => Check(item, shape[0], where + "[]"));
        }
        else if (shape.ValueKind == JsonValueKind.Object)
        {
            actual.ValueKind.ShouldBe(JsonValueKind.Object, where);
            if (shape.TryGetProperty("*", out var any))
            {
                actual.EnumerateObject().ToList().ForEach(member => Check(member.Value, any, $"{where}.{member.Name}"));
                return;
            }

            actual.EnumerateObject().Select(m => m.Name).Order().ShouldBe(shape.EnumerateObject().Select(m => m.Name).Order(), where);
            shape.EnumerateObject().ToList().ForEach(member => Check(actual.GetProperty(member.Name), member.Value, $"{where}.{member.Name}"));
        }
        else
        {
            var type = shape.GetString()!;
            var found = actual.ValueKind switch
            {
                JsonValueKind.True or JsonValueKind.False => "boolean",
                var kind => kind.ToString().ToLowerInvariant()
            };
            (type == "any" || found == type.TrimEnd('?') || (type.EndsWith('?') && found == "null"))
                .ShouldBeTrue($"{where}: {found}, expected {type}");
        }
    }
}
