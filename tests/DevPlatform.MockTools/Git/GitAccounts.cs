using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace DevPlatform.MockTools.Git;

/// <summary>Basic authentication against the configured accounts and the tokens that were issued.</summary>
internal sealed class GitAccounts(GitOptions options, GitTokens tokens)
{
    /// <summary>The caller's account; null when nobody signed in; false in <c>Valid</c> when the credentials are wrong.</summary>
    public (bool Valid, string? User) Caller(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header))
        {
            return (request.Headers.Authorization.Count == 0, null);
        }

        var (user, password) = Credentials(header);
        var known = user is not null && options.Users.TryGetValue(user, out var expected)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(password));
        known = known || (user == GitTokens.User && tokens.IsValid(password, request.RouteValues["org"]?.ToString()));
        return known ? (true, user) : (false, null);
    }

    /// <summary>The answer to a caller who may not: 401 with a challenge, or null when the caller may.</summary>
    public IResult? Refuse(HttpContext context, bool write)
    {
        var (valid, user) = Caller(context.Request);
        if (valid && (user is not null || (!write && options.AnonymousRead)))
        {
            return null;
        }

        context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\", charset=\"UTF-8\"";
        return GitApi.Error(context, StatusCodes.Status401Unauthorized, "Unauthorized");
    }

    private static (string? User, string Password) Credentials(AuthenticationHeaderValue header)
    {
        var buffer = new byte[header.Parameter?.Length ?? 0];
        if (!string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase)
            || !Convert.TryFromBase64String(header.Parameter ?? "", buffer, out var length))
        {
            return (null, "");
        }

        var pair = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return pair.Length == 2 ? (pair[0], pair[1]) : (null, "");
    }
}
