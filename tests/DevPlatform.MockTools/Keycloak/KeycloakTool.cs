using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Keycloak.Admin;
using DevPlatform.MockTools.Keycloak.Login;
using DevPlatform.MockTools.Keycloak.Protocol;
using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Tokens;

namespace DevPlatform.MockTools.Keycloak;

/// <summary>
/// An identity provider that talks like Keycloak 26: same paths, claims and errors, fed with the same realm export as the real one
/// (<c>Realm__Import</c>). For local use and tests: state lives in memory, pages are plain.
/// </summary>
internal sealed class KeycloakTool : IMockTool
{
    /// <summary>Paths outside any realm; all others need one.</summary>
    private static readonly string[] ServerPaths = ["/admin", "/__admin", "/__faults", "/health"];

    public void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        builder.Services.AddSingleton<RealmRegistry>();
        builder.Services.AddSingleton<TokenWriter>();
        builder.Services.AddSingleton<SsoCookie>();
        builder.Services.AddSingleton<Logout>();
        builder.Services.AddHttpClient("backchannel", client => client.Timeout = TimeSpan.FromSeconds(5));
        builder.Services.AddKeycloakProtocol();
        builder.Services.AddAuthentication();
    }

    public void Map(WebApplication app)
    {
        // A wrong realm file must stop the start, not the first request.
        app.Services.GetRequiredService<RealmRegistry>();
        app.Use(RealmIntoPathBaseAsync);
        app.UseRouting();
        app.UseAuthentication();
        app.MapGet("/health/ready", () => Results.Ok(new { status = "UP", checks = Array.Empty<object>() }));
        app.MapGet("/health/live", () => Results.Ok(new { status = "UP", checks = Array.Empty<object>() }));
        app.MapGet("/", (HttpContext http) => Results.Json(new Dictionary<string, string>
        {
            ["realm"] = http.GetRealm().Name,
            ["public_key"] = Convert.ToBase64String(http.GetRealm().Keys.Current.Rsa.ExportSubjectPublicKeyInfo()),
            ["token-service"] = $"{http.GetIssuer()}/{OpenIddictSetup.Base}",
            ["account-service"] = $"{http.GetIssuer()}/account",
        }));
        AuthorizationEndpoint.Map(app);
        DevicePage.Map(app);
        TokenEndpoints.Map(app);
        LogoutEndpoint.Map(app);
        AdminEndpoints.Map(app);
        AttackEndpoints.Map(app);
    }

    /// <summary><c>/realms/x/…</c> becomes path base <c>/realms/x</c> and path <c>/…</c>, so that one set of endpoints serves all realms.</summary>
    private static async Task RealmIntoPathBaseAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.StartsWithSegments("/realms", out var rest))
        {
            var path = rest.Value!.TrimStart('/').Split('/', 2);
            if (http.RequestServices.GetRequiredService<RealmRegistry>().Find(path[0]) is not { Representation.Enabled: true } realm)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                await http.Response.WriteAsJsonAsync(new { error = "Realm does not exist" });
                return;
            }

            http.SetRealm(realm);
            http.Request.PathBase = http.Request.PathBase.Add($"/realms/{path[0]}");
            http.Request.Path = path.Length > 1 ? $"/{path[1]}" : "/";
        }

        else if (!ServerPaths.Any(p => http.Request.Path.StartsWithSegments(p)))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            await http.Response.WriteAsJsonAsync(new { error = "HTTP 404 Not Found" });
            return;
        }

        await next(http);
    }
}
