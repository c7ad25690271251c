using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Vault.Auth;
using DevPlatform.MockTools.Vault.Aws;
using DevPlatform.MockTools.Vault.Core;
using DevPlatform.MockTools.Vault.Database;
using DevPlatform.MockTools.Vault.Kv;
using DevPlatform.MockTools.Vault.Ssh;
using DevPlatform.MockTools.Vault.Sys;

namespace DevPlatform.MockTools.Vault;

/// <summary>
/// A secrets server with HashiCorp Vault's HTTP API: tokens, Kubernetes login, policies, KV v2, database credentials (real roles in a real
/// PostgreSQL), leases, SSH certificates, response wrapping. Settings: <c>Vault__RootToken</c>, <c>Vault__Data</c> (file that keeps the state),
/// <c>Vault__Policies</c> (directory of <c>*.hcl</c>), <c>Vault__KubernetesTokens__&lt;role&gt;</c>, <c>ConnectionStrings__postgres</c>.
/// </summary>
internal sealed class VaultTool : IMockTool
{
    public void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<VaultStore>();
        builder.Services.AddSingleton<TokenStore>();
        builder.Services.AddSingleton<Policies>();
        builder.Services.AddSingleton<PostgresPlugin>();
        builder.Services.AddSingleton<DatabasePlugins>();
        builder.Services.AddSingleton<LeaseManager>();
        builder.Services.AddHostedService<ExpirySweep>();
    }

    public void Map(WebApplication app)
    {
        if (app.Configuration["Vault:Policies"] is { Length: > 0 } directory)
        {
            app.Services.GetRequiredService<Policies>().Load(directory);
        }

        app.Use(NormalizeMethodAsync);
        app.UseRouting();
        var v1 = app.MapGroup("/v1").AddEndpointFilter(ActivatorUtilities.CreateInstance<Gate>(app.Services));
        SysEndpoints.Map(v1, app.Services);
        TokenEndpoints.Map(v1, app.Services);
        KubernetesEndpoints.Map(v1, app.Services);
        KvEndpoints.Map(v1, app.Services);
        KvMetadataEndpoints.Map(v1, app.Services);
        DatabaseEndpoints.Map(v1, app.Services);
        LeaseEndpoints.Map(v1, app.Services);
        SshEndpoints.Map(v1, app.Services);
        AwsEndpoints.Map(v1, app.Services);

        // Vault does not tell an unknown path from a forbidden one.
        v1.MapFallback(Answer () => throw VaultException.PermissionDenied());
    }

    /// <summary>LIST may be written as <c>GET ?list=true</c>, and PUT is POST.</summary>
    private static Task NormalizeMethodAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        request.Method = request.Method switch
        {
            "PUT" when request.Path.StartsWithSegments("/v1") => "POST",
            "GET" when request.Query["list"] == "true" => "LIST",
            var method => method,
        };
        return next(http);
    }
}
