using DevPlatform.Identity.Contracts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Identity.SignIn;

/// <summary>A sign-in that was started and has not come back: what binds Keycloak's answer to this browser.</summary>
/// <param name="State">Comes back in the query.</param>
/// <param name="Nonce">Comes back in the ID token.</param>
/// <param name="Verifier">PKCE's (RFC 7636).</param>
/// <param name="Origin">Of the page that asked, which is told the result.</param>
/// <param name="RedirectUrl">Where to go afterwards; null in the popup flow.</param>
/// <param name="RedirectUri">Where Keycloak answers.</param>
/// <param name="ExpiresAt">Later answers are refused.</param>
internal sealed record SignInAttempt(
    string State, string Nonce, string Verifier, string Origin, string? RedirectUrl, string RedirectUri, DateTimeOffset ExpiresAt);

/// <summary>A signed-in browser's session: what goes on with it, and what ends it.</summary>
/// <param name="RefreshToken">Keycloak's.</param>
/// <param name="IdToken">Proves to Keycloak that its user wants to sign out.</param>
/// <param name="Actor">Who it is.</param>
internal sealed record PortalSession(string RefreshToken, string IdToken, Actor Actor);

/// <summary>The two cookies of sign-in.</summary>
internal sealed class SignInCookies(IDataProtectionProvider protection)
{
    private const string Session = "oidc-refresh-token";

    // Keycloak's answer is a navigation from another site: a strict cookie would not come with it.
    private readonly ProtectedCookie<SignInAttempt> _attempts = new(protection, "/api/auth/oidc/handler", SameSiteMode.Lax);
    private readonly ProtectedCookie<PortalSession> _sessions = new(protection, "/api/auth/oidc", SameSiteMode.Strict);

    public void Write(HttpContext context, SignInAttempt attempt) => _attempts.Write(context, NameOf(attempt.State), attempt, attempt.ExpiresAt);

    /// <summary>The attempt that this browser made with this state, which is over with it.</summary>
    public SignInAttempt? Take(HttpContext context, string state)
    {
        var attempt = _attempts.Read(context, NameOf(state));
        if (attempt is not null)
        {
            _attempts.Delete(context, NameOf(state));
        }

        return attempt;
    }

    public void Write(HttpContext context, PortalSession session, DateTimeOffset? expiresAt) => _sessions.Write(context, Session, session, expiresAt);

    public bool HasSession(HttpContext context) => context.Request.Cookies.ContainsKey(Session);

    public PortalSession? ReadSession(HttpContext context) => _sessions.Read(context, Session);

    public void DeleteSession(HttpContext context) => _sessions.Delete(context, Session);

    /// <summary>One per attempt, so that two tabs can sign in side by side; short, and of characters that a cookie's name may have.</summary>
    private static string NameOf(string state) => $"oidc-nonce-{string.Concat(state.Where(char.IsAsciiLetterOrDigit).Take(12))}";
}
