using System.Text.Json;
using DevPlatform.MockTools.Vault.Core;
using DevPlatform.MockTools.Vault.Database;

namespace DevPlatform.MockTools.Vault.Auth;

/// <summary><c>auth/token/*</c>.</summary>
internal sealed class TokenEndpoints(TokenStore tokens, LeaseManager leases)
{
    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<TokenEndpoints>(services);
        v1.MapGet("/auth/token/lookup-self", (HttpContext http) => endpoints.Describe(Gate.TokenOf(http)));
        v1.MapPost("/auth/token/lookup", Reading((_, body) => Task.FromResult(endpoints.Describe(endpoints.ById(body)))));
        v1.MapPost("/auth/token/lookup-accessor", Reading((_, body) => Task.FromResult(endpoints.Describe(endpoints.ByAccessor(body)))));
        v1.MapPost("/auth/token/renew-self", Reading((http, body) => Task.FromResult(endpoints.Renew(Gate.TokenOf(http), body))));
        v1.MapPost("/auth/token/renew", Reading((_, body) => Task.FromResult(endpoints.Renew(endpoints.ById(body), body))));
        v1.MapPost("/auth/token/revoke-self", Reading((http, _) => endpoints.RevokeAsync(Gate.TokenOf(http))));
        v1.MapPost("/auth/token/revoke", Reading((_, body) => endpoints.RevokeAsync(endpoints.ById(body))));
        v1.MapPost("/auth/token/revoke-accessor", Reading((_, body) => endpoints.RevokeAsync(endpoints.ByAccessor(body))));
        v1.MapPost("/auth/token/revoke-orphan", Reading((_, body) => endpoints.RevokeAsync(endpoints.ById(body), orphanChildren: true)))
            .WithMetadata(new NeedsSudo());
        v1.MapPost("/auth/token/create", Reading((http, body) => Task.FromResult(endpoints.Create(Gate.TokenOf(http), body))));
    }

    /// <summary>A Delegate, so that routing does not take it for a RequestDelegate and throw the answer away.</summary>
    private static Delegate Reading(Func<HttpContext, JsonElement, Task<Answer>> handle) =>
        async (HttpContext http) => await handle(http, await Body.ReadAsync(http.Request));

    private Answer Create(VaultToken parent, JsonElement body)
    {
        var policies = body.List("policies") ?? parent.Policies;
        if (!parent.IsRoot && policies.Except(parent.Policies.Append("default")).Any())
        {
            throw new VaultException(400, "child policies must be subset of parent");
        }

        var isRoot = policies.Contains("root");
        var ttl = body.Duration("ttl") ?? body.Duration("lease");
        var token = tokens.Create(
            isRoot || body.Flag("no_default_policy") == true ? policies
                : [.. policies.Append("default").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            body.Flag("no_parent") == true ? null : parent.Id,
            body.Text("display_name") is { } name ? $"token-{name}" : "token",
            "auth/token/create",
            isRoot && ttl is null ? 0 : ttl ?? TokenStore.SystemTtl,
            TokenStore.SystemTtl,
            body.Flag("renewable") ?? true,
            (int)(body.Duration("num_uses") ?? 0),
            body.Map("meta"),
            body.Duration("explicit_max_ttl") ?? 0,
            body.Text("id"));
        return new Answer(Auth: tokens.AuthBlock(token), MountType: "token");
    }

    private Answer Renew(VaultToken token, JsonElement body)
    {
        var (renewed, warnings) = tokens.Renew(token, body.Duration("increment"));
        return new Answer(Auth: tokens.AuthBlock(renewed), Warnings: warnings, MountType: "token");
    }

    private async Task<Answer> RevokeAsync(VaultToken token, bool orphanChildren = false)
    {
        await leases.RevokeOfTokensAsync(tokens.Remove(token.Id, orphanChildren));
        return Answer.Nothing;
    }

    private Answer Describe(VaultToken token) => new(tokens.Describe(token), MountType: "token");

    private VaultToken ById(JsonElement body) => tokens.Find(body.Text("token") ?? throw new VaultException(400, "missing token"))
        ?? throw new VaultException(403, "bad token");

    private VaultToken ByAccessor(JsonElement body) =>
        tokens.FindByAccessor(body.Text("accessor") ?? throw new VaultException(400, "missing accessor"))
        ?? throw new VaultException(403, "invalid accessor");
}
