using System.Security.Cryptography;
using System.Text;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.Identity.SignIn;

/// <summary><c>GET /api/auth/oidc/start</c>: sends the browser to Keycloak (authorization code with PKCE, RFC 7636).</summary>
internal static class StartEndpoint
{
    private const int RandomBytes = 32;
    private const int MaxAddress = 2000;
    private static readonly TimeSpan TimeToSignIn = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder provider) => provider.MapGet("/start", StartAsync)
        .AllowAnonymous("who signs in has no token yet")
        .WithSummary("Sends the browser to Keycloak to sign in")
        .WithDescription("env is required, its value has no meaning here. flow: popup (default) or redirect, which needs redirectUrl. origin: the page that asks. scope: further scopes.")
        .Produces(StatusCodes.Status302Found);

    private static async Task<IResult> StartAsync(
        HttpContext context, PortalAddress portal, SignInCookies cookies, KeycloakSessions keycloak, IOptions<IdentityOptions> identity,
        IOptions<SignInOptions> options, TimeProvider time, string? env = null, string? origin = null, string? flow = null, string? redirectUrl = null, string? scope = null)
    {
        var page = origin is null ? portal.Of(context.Request) : portal.Check(context.Request, "origin", origin);
        if (string.IsNullOrEmpty(env))
        {
            throw new InputException("No env provided in request query parameters");
        }

        var attempt = new SignInAttempt(
            Random(), Random(), Random(), page, RedirectUrlOf(context.Request, portal, flow, redirectUrl),
            $"{portal.Of(context.Request)}/api/auth/oidc/handler/frame", time.GetUtcNow() + TimeToSignIn);
        var request = new OpenIdConnectMessage
        {
            IssuerAddress = (await keycloak.EndpointsAsync(context.RequestAborted)).AuthorizationEndpoint,
            ClientId = identity.Value.ClientId,
            ResponseType = OpenIdConnectResponseType.Code,
            RedirectUri = attempt.RedirectUri,
            Scope = ScopesOf(options.Value, scope),
            State = attempt.State,
            Nonce = attempt.Nonce,
        };
        request.SetParameter("code_challenge", Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier))));
        request.SetParameter("code_challenge_method", "S256");
        cookies.Write(context, attempt);
        FramePage.KeepOpener(context.Response);
        return Results.Redirect(request.CreateAuthenticationRequestUrl());
    }

    private static string? RedirectUrlOf(HttpRequest request, PortalAddress portal, string? flow, string? redirectUrl)
    {
        switch (flow)
        {
            case null or "" or "popup":
                return null;
            case not "redirect":
                throw InputException.For("flow", flow, "popup, redirect");
        }

        if (redirectUrl is not { Length: > 0 and <= MaxAddress })
        {
            throw InputException.For("redirectUrl", redirectUrl, $"an address of the portal, at most {MaxAddress} characters");
        }

        portal.Check(request, "redirectUrl", redirectUrl);
        return redirectUrl;
    }

    private static string ScopesOf(SignInOptions options, string? asked)
    {
        var further = (asked ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        // RFC 6749, section 3.3.
        if (further.FirstOrDefault(s => s.Any(c => c is < '!' or > '~' or '"' or '\\') || s.Length > 100) is { } wrong)
        {
            throw InputException.For("scope", wrong, "scopes separated by spaces");
        }

        return string.Join(' ', options.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(further).Distinct().Take(20));
    }

    private static string Random() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(RandomBytes));
}
