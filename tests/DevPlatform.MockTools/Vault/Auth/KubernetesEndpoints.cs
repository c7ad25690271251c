using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Auth;

/// <summary>
/// <c>auth/kubernetes/*</c>. Real Vault asks the cluster's TokenReview about the JWT; here <c>Vault__KubernetesTokens__&lt;role&gt;</c> says which
/// JWT is the role's service account. Such a role exists from the start, with the policy of its own name.
/// </summary>
internal sealed class KubernetesEndpoints(VaultStore store, TokenStore tokens, IConfiguration configuration)
{
    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<KubernetesEndpoints>(services);
        endpoints.AddConfiguredRoles();
        v1.MapPost("/auth/kubernetes/login", (Delegate)endpoints.LoginAsync).WithMetadata(new NoTokenNeeded());
        v1.MapPost("/auth/kubernetes/role/{name}", endpoints.PutRoleAsync);
        v1.MapGet("/auth/kubernetes/role/{name}", endpoints.GetRole);
        v1.MapDelete("/auth/kubernetes/role/{name}", (string name) => endpoints.Delete(name));
        v1.MapMethods("/auth/kubernetes/role", ["LIST"], endpoints.ListRoles);
    }

    private void AddConfiguredRoles() => store.Write(data =>
    {
        foreach (var role in configuration.GetSection("Vault:KubernetesTokens").GetChildren())
        {
            data.KubernetesRoles.TryAdd(role.Key, new KubernetesRole([role.Key], ["idp"], ["default", role.Key], 3600, 24 * 3600));
        }
    });

    private async Task<Answer> LoginAsync(HttpContext http)
    {
        var body = await Body.ReadAsync(http.Request);
        var name = body.Text("role") ?? throw new VaultException(400, "missing role");
        var jwt = body.Text("jwt") ?? throw new VaultException(400, "missing jwt");
        var role = store.Read(data => data.KubernetesRoles.GetValueOrDefault(name)) ?? throw new VaultException(400, $"invalid role name \"{name}\"");
        var accounts = configuration.GetSection("Vault:KubernetesTokens").GetChildren().Where(t => t.Value == jwt).Select(t => t.Key).ToArray();
        if (accounts.Length == 0)
        {
            throw VaultException.PermissionDenied();
        }

        var account = accounts.FirstOrDefault(a => role.ServiceAccountNames.Contains("*") || role.ServiceAccountNames.Contains(a))
            ?? throw new VaultException(403, "service account name not authorized");
        var meta = new Dictionary<string, string>
        {
            ["role"] = name,
            ["service_account_name"] = account,
            ["service_account_namespace"] = role.ServiceAccountNamespaces.FirstOrDefault("idp"),
            ["service_account_uid"] = Guid.NewGuid().ToString(),
            ["service_account_secret_name"] = "",
        };
        var token = tokens.Create(role.Policies, parent: null, $"kubernetes-{meta["service_account_namespace"]}-{account}",
            "auth/kubernetes/login", role.Ttl, role.MaxTtl, renewable: true, meta: meta);
        return new Answer(Auth: tokens.AuthBlock(token), MountType: "kubernetes");
    }

    private async Task<Answer> PutRoleAsync(HttpContext http, string name)
    {
        var body = await Body.ReadAsync(http.Request);
        var names = body.List("bound_service_account_names") ?? throw new VaultException(400, "\"bound_service_account_names\" can not be empty");
        var namespaces = body.List("bound_service_account_namespaces")
            ?? throw new VaultException(400, "\"bound_service_account_namespaces\" can not be empty");
        var policies = (body.List("token_policies") ?? body.List("policies") ?? []).Append("default").Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToArray();
        var ttl = body.Duration("token_ttl") ?? body.Duration("ttl") ?? 0;
        var max = body.Duration("token_max_ttl") ?? body.Duration("max_ttl") ?? 0;
        store.Write(data => data.KubernetesRoles[name] = new KubernetesRole(names, namespaces, policies, ttl == 0 ? TokenStore.SystemTtl
            : ttl, max == 0 ? TokenStore.SystemTtl : max));
        return Answer.Nothing;
    }

    private Answer GetRole(string name) => store.Read(data => data.KubernetesRoles.GetValueOrDefault(name)) is { } role
        ? new Answer(new
        {
            bound_service_account_names = role.ServiceAccountNames,
            bound_service_account_namespaces = role.ServiceAccountNamespaces,
            token_policies = role.Policies,
            token_ttl = role.Ttl,
            token_max_ttl = role.MaxTtl
        }, MountType: "kubernetes")
        : throw VaultException.Missing();

    private Answer Delete(string name)
    {
        store.Write(data => data.KubernetesRoles.Remove(name));
        return Answer.Nothing;
    }

    private Answer ListRoles() => store.Read(data => data.KubernetesRoles.Keys.Order(StringComparer.Ordinal).ToArray()) is { Length: > 0 } keys
        ? new Answer(new { keys }, MountType: "kubernetes")
        : throw VaultException.Missing();
}
