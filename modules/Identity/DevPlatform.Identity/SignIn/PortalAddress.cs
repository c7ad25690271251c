using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace DevPlatform.Identity.SignIn;

/// <summary>Where the portal is in the browser, and which pages belong to it.</summary>
internal sealed class PortalAddress(IOptions<SignInOptions> options)
{
    /// <summary>The portal's origin: <c>https://portal.example</c>.</summary>
    public string Of(HttpRequest request) => OriginOf(options.Value.BaseUrl) ?? $"{request.Scheme}://{request.Host}";

    /// <summary>The origin of an address that belongs to the portal.</summary>
    /// <exception cref="InputException">It is no http or https address.</exception>
    /// <exception cref="NotAllowedException">It is somebody else's.</exception>
    public string Check(HttpRequest request, string field, string address)
    {
        // Browsers read "\" as "/", and what stands before "@" is no host: such addresses are not what they look like.
        var origin = address.Contains('\\', StringComparison.Ordinal) ? null : OriginOf(address);
        if (origin is null)
        {
            throw InputException.For(field, address, "an absolute http or https address");
        }

        return origin == OriginOf(Of(request)) || options.Value.AllowedOrigins.Any(allowed => OriginOf(allowed) == origin)
            ? origin
            : throw new NotAllowedException($"Origin '{origin}' is not allowed");
    }

    /// <summary>Refuses a request that a browser sends for somebody else's page.</summary>
    /// <exception cref="AuthenticationException">It lacks the header that a form or an image of another site cannot send.</exception>
    public void RequireOwnScript(HttpRequest request)
    {
        if (request.Headers.XRequestedWith != "XMLHttpRequest")
        {
            throw new AuthenticationException("Invalid X-Requested-With header");
        }

        if (request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            Check(request, "Origin", origin);
        }
    }

    private static string? OriginOf(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "" } ? uri.GetLeftPart(UriPartial.Authority) : null;
}
