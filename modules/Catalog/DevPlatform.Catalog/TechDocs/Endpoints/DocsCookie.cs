using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.TechDocs.Endpoints;

/// <summary>The cookie with which a page's images and style sheet are fetched: tags cannot send a token.</summary>
internal static class DocsCookie
{
    public const string Name = "devplatform-techdocs";
    private const string CookiePath = "/api/techdocs";
    private const string Reason = "the cookie says no more than the token it was made of";

    public static void Map(IEndpointRouteBuilder techdocs)
    {
        techdocs.MapGet("/.backstage/auth/v1/cookie", (HttpContext context, Caller caller, TokenCookies cookies) =>
        {
            cookies.Write(context, Name, CookiePath, caller.ExpiresAt);
            return Results.Ok(new { expiresAt = caller.ExpiresAt.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", null) });
        })
            .RequireSignIn(Reason)
            .WithSummary("Sets the cookie that the documentation's files accept; answers when it ends with the token");
        techdocs.MapDelete("/.backstage/auth/v1/cookie", (HttpContext context, TokenCookies cookies) =>
        {
            cookies.Delete(context, Name, CookiePath);
            return Results.NoContent();
        })
            .AllowAnonymous("forgetting a cookie of one's own needs no rights")
            .WithSummary("Clears the cookie");
    }
}
