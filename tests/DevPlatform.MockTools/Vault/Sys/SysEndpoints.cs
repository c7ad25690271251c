using System.Text.Json;
using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Sys;

/// <summary><c>sys/*</c>: health, mounts, policies, capabilities, unwrapping.</summary>
internal sealed class SysEndpoints(VaultStore store, Policies policies, TimeProvider time)
{
    private const string Version = "1.19.0";
    private static readonly string ClusterId = Guid.NewGuid().ToString();

    private static readonly Dictionary<string, object> Mounts = new(StringComparer.Ordinal)
    {
        ["secret/"] = Mount("kv", "key/value secret storage", new { version = "2" }),
        ["database/"] = Mount("database", "dynamic database credentials", null),
        ["aws/"] = Mount("aws", "dynamic keys of the object store", null),
        ["ssh/"] = Mount("ssh", "SSH certificate authority", null),
        ["sys/"] = Mount("system", "system endpoints used for control, policy and debugging", null),
    };

    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<SysEndpoints>(services);
        v1.MapMethods("/sys/health", ["GET", "HEAD"], endpoints.Health).WithMetadata(new NoTokenNeeded());
        v1.MapGet("/sys/seal-status",
            () => Results.Json(new
            {
                type = "shamir",
                initialized = true,
                @sealed = false,
                t = 1,
                n = 1,
                progress = 0,
                version = Version,
                cluster_name = "vault-cluster-mock",
                cluster_id = ClusterId
            }))
            .WithMetadata(new NoTokenNeeded());
        v1.MapGet("/sys/leader",
            () => Results.Json(new { ha_enabled = false, is_self = true, leader_address = "", performance_standby = false }))
            .WithMetadata(new NoTokenNeeded());
        v1.MapGet("/sys/mounts", () => new Answer(Mounts));
        v1.MapGet("/sys/internal/ui/mounts/{**path}", endpoints.UiMount);
        v1.MapPost("/sys/capabilities-self", (Delegate)endpoints.CapabilitiesAsync);
        v1.MapPost("/sys/wrapping/unwrap", (Delegate)endpoints.UnwrapAsync).WithMetadata(new NoTokenNeeded());
        v1.MapMethods("/sys/policies/acl", ["LIST"], () => endpoints.ListPolicies());
        v1.MapGet("/sys/policies/acl/{name}", (string name) => endpoints.ReadPolicy(name));
        v1.MapPost("/sys/policies/acl/{name}", endpoints.PutPolicyAsync);
        v1.MapDelete("/sys/policies/acl/{name}", (string name) => endpoints.DeletePolicy(name));
    }

    private Answer ListPolicies() =>
        store.Read(data => new Answer(new
        {
            keys = data.Policies.Keys.Union(["default", "root"]).Order(StringComparer.Ordinal)
        .ToArray()
        }));

    private IResult Health() => Results.Json(new
    {
        initialized = true,
        @sealed = false,
        standby = false,
        performance_standby = false,
        replication_performance_mode = "disabled",
        replication_dr_mode = "disabled",
        server_time_utc = time.GetUtcNow().ToUnixTimeSeconds(),
        version = Version,
        enterprise = false,
        cluster_name = "vault-cluster-mock",
        cluster_id = ClusterId,
    });

    private Answer UiMount(HttpContext http, string path)
    {
        var mount = Mounts.Keys.FirstOrDefault(m => (path + "/").StartsWith(m, StringComparison.Ordinal)) ?? throw VaultException.PermissionDenied();
        var json = JsonSerializer.SerializeToElement(Mounts[mount]);
        return new Answer(new
        {
            path = mount,
            type = json.GetProperty("type"),
            description = json.GetProperty("description"),
            options = json.GetProperty("options"),
            accessor = json.GetProperty("accessor")
        });
    }

    /// <summary>Also repeats the first path's answer as <c>capabilities</c>, as the server does for one path.</summary>
    private async Task<Answer> CapabilitiesAsync(HttpContext http)
    {
        var body = await Body.ReadAsync(http.Request);
        var paths = body.List("paths") ?? body.List("path") ?? throw new VaultException(400, "paths must be supplied");
        var result = paths.Distinct(StringComparer.Ordinal)
            .ToDictionary(p => p, object (p) => policies.Capabilities(Gate.TokenOf(http), p), StringComparer.Ordinal);
        result["capabilities"] = result[paths[0]];
        return new Answer(result);
    }

    /// <summary>Once: the wrapping token is used up, so a second reader learns that somebody was there before.</summary>
    private async Task<IResult> UnwrapAsync(HttpContext http)
    {
        var body = await Body.ReadAsync(http.Request);
        var token = body.Text("token") ?? Gate.ClientToken(http.Request);
        var wrapped = token is null ? null : store.Write(data => data.Wrapped.Remove(token, out var found) ? found : null);
        return wrapped is not null && wrapped.Expires > time.GetUtcNow()
            ? Results.Text(wrapped.Json, "application/json")
            : throw new VaultException(400, "wrapping token is not valid or does not exist");
    }

    private Answer ReadPolicy(string name) => store.Read(data => data.Policies.GetValueOrDefault(name)) is { } policy
        ? new Answer(new { name, policy }) : throw VaultException.Missing();

    private async Task<Answer> PutPolicyAsync(HttpContext http, string name)
    {
        var policy = (await Body.ReadAsync(http.Request)).Text("policy") ?? throw new VaultException(400, "'policy' parameter not supplied or empty");
        if (!Policies.IsValid(policy))
        {
            throw new VaultException(400, "failed to parse policy: no path with capabilities found");
        }

        store.Write(data => data.Policies[name] = policy);
        return Answer.Nothing;
    }

    private Answer DeletePolicy(string name) => store.Write(data =>
    {
        data.Policies.Remove(name);
        return Answer.Nothing;
    });

    private static object Mount(string type, string description, object? options) => new
    {
        type,
        description,
        options,
        accessor = $"{type}_mock",
        local = false,
        seal_wrap = false,
        uuid = Guid.NewGuid(),
        config = new { default_lease_ttl = 0, max_lease_ttl = 0, force_no_cache = false },
    };
}
