using DevPlatform.MockTools.Keycloak.Protocol;
using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Tokens;

namespace DevPlatform.MockTools.Keycloak.Admin;

/// <summary>Lets a caller through to the admin API of a realm when its token carries one of the <c>realm-management</c> roles.</summary>
internal static class AdminAccess
{
    public static RouteHandlerBuilder RequireRealmRole(this RouteHandlerBuilder builder, params string[] roles) =>
        builder.AddEndpointFilter(async (invocation, next) =>
    {
        var http = invocation.HttpContext;
        if (http.RequestServices.GetRequiredService<RealmRegistry>().Find((string?)http.Request.RouteValues["realm"]) is not { } realm)
        {
            return Results.Json(new { error = "Realm not found." }, statusCode: 404);
        }

        var token = await http.RequestServices.GetRequiredService<TokenWriter>()
            .ReadAsync(realm, http.GetIssuer(realm), http.BearerToken(), refresh: false);
        if (token?.GetPayloadValue<string>("typ") is not "Bearer")
        {
            return Results.Json(new { error = "HTTP 401 Unauthorized" }, statusCode: 401);
        }

        // Keycloak asks for the user's present roles, not for those in the token.
        var user = realm.FindUser(token.Subject);
        var granted = user?.Enabled == true ? user.ClientRoles(realm.Name).GetValueOrDefault("realm-management", []) : [];
        if (!granted.Contains("realm-admin") && !granted.Intersect(roles).Any())
        {
            return Results.Json(new { error = "HTTP 403 Forbidden" }, statusCode: 403);
        }

        http.SetRealm(realm);
        return await next(invocation);
    });
}
