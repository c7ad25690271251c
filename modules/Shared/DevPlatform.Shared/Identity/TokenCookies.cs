using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Shared.Identity;

/// <summary>Metadata of an endpoint that takes the caller's token from a cookie when the request carries none.</summary>
/// <param name="Name">The cookie's name.</param>
public sealed record AcceptsTokenCookie(string Name);

/// <summary>Declaration of such endpoints.</summary>
public static class TokenCookieExtensions
{
    /// <summary>
    /// Lets tags (<c>img</c>, <c>link</c>), which cannot send an Authorization header, read what the endpoint answers. Only for endpoints that
    /// change nothing.
    /// </summary>
    public static TBuilder AcceptTokenCookie<TBuilder>(this TBuilder builder, string cookie)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AcceptsTokenCookie(cookie));
}

/// <summary>
/// The caller's own access token in an encrypted, HttpOnly, SameSite cookie (trust boundary B3). It is validated like one in a header, so it ends
/// when the token or the session does, and grants nothing that the token does not.
/// </summary>
public sealed class TokenCookies(IDataProtectionProvider protection)
{
    private const string Bearer = "Bearer ";
    private readonly ChunkingCookieManager _cookies = new();
    private readonly IDataProtector _protector = protection.CreateProtector("DevPlatform.TokenCookies");

    /// <summary>Writes the token of this request.</summary>
    /// <param name="context">The request, which carries the token in its header.</param>
    /// <param name="name">The cookie's name.</param>
    /// <param name="path">Where it is sent.</param>
    /// <param name="expiresAt">When the token ends.</param>
    public void Write(HttpContext context, string name, string path, DateTimeOffset expiresAt)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var token = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
        _cookies.AppendResponseCookie(context, name, _protector.CreateProtector(name).Protect(token), Options(context, path, expiresAt));
    }

    /// <summary>Removes the cookie from the browser.</summary>
    public void Delete(HttpContext context, string name, string path) => _cookies.DeleteCookie(context, name, Options(context, path, null));

    /// <summary>The token in the cookie that the request's endpoint accepts; null when there is none, or none of ours.</summary>
    public string? Read(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AcceptsTokenCookie>() is not { } accepts || _cookies.GetRequestCookie(context, accepts.Name) is not { } value)
        {
            return null;
        }

        try
        {
            return _protector.CreateProtector(accepts.Name).Unprotect(value);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext context, string path, DateTimeOffset? expiresAt) => new()
    {
        Path = path,
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        Expires = expiresAt,
        IsEssential = true,
    };
}
