using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using DevPlatform.MockTools.Git;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.MockTools.GitHub;

/// <summary>
/// An app and its installations, one in every organization: who shows an assertion signed with the app's key gets a token of an installation, which reads
/// that organization only, by the API and by Git.
/// </summary>
internal sealed class GitHubApps(GitHubOptions options, GitRepositories repositories, GitTokens tokens, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, string> _installations = [];
    private int _issued;

    public void Map(WebApplication app)
    {
        app.MapGet("/api/v3/orgs/{org}/installation", async (HttpContext context, string org) =>
        {
            if (await AssertedAtAsync(context.Request) is null)
            {
                return GitHubApi.Error(StatusCodes.Status401Unauthorized, "A JSON web token could not be decoded");
            }

            var login = repositories.List().Select(r => r.Org).FirstOrDefault(known => known.Equals(org, StringComparison.OrdinalIgnoreCase));
            if (login is null)
            {
                return GitHubApi.NotFound();
            }

            var id = 1000L + login.Length;
            _installations[id] = login;
            return Results.Json(new { id, account = new { login, id = 1 }, repository_selection = "all", target_type = "Organization" });
        });
        app.MapPost("/api/v3/app/installations/{id:long}/access_tokens", async (HttpContext context, long id) =>
        {
            if (await AssertedAtAsync(context.Request) is not { } now)
            {
                return GitHubApi.Error(StatusCodes.Status401Unauthorized, "A JSON web token could not be decoded");
            }

            if (!_installations.TryGetValue(id, out var login))
            {
                return GitHubApi.NotFound();
            }

            Interlocked.Increment(ref _issued);
            var (token, expires) = ($"ghs_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}", now.AddSeconds(options.App.TokenSeconds));
            tokens.Add(token, login, expires);
            return Results.Json(new { token, expires_at = expires.ToString("yyyy-MM-ddTHH:mm:ssZ"), permissions = new { contents = "read", metadata = "read" } }, statusCode: StatusCodes.Status201Created);
        });
        app.MapGet("/__admin/app", () => new { issued = _issued });
        app.MapPost("/__admin/app/revoke", tokens.Clear);
    }

    /// <summary>Whether a token of an installation lets its bearer at an organization.</summary>
    public bool Allows(HttpRequest request) => AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
        && header.Scheme.ToUpperInvariant() is "TOKEN" or "BEARER"
        && tokens.IsValid(header?.Parameter ?? "", request.RouteValues["org"]?.ToString());

    /// <summary>When the app's assertion was signed, by the app's clock, so that tests can move it; null when it is none.</summary>
    private async Task<DateTimeOffset?> AssertedAtAsync(HttpRequest request)
    {
        if (options.App.PublicKey is null || !AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Scheme != "Bearer")
        {
            return null;
        }

        using var key = RSA.Create();
        key.ImportFromPem(options.App.PublicKey);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(header.Parameter, new TokenValidationParameters
        {
            ValidIssuer = options.App.Id,
            ValidateAudience = false,
            IssuerSigningKey = new RsaSecurityKey(key) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ClockSkew = TimeSpan.Zero,
            // GitHub wants it short.
            LifetimeValidator = (_, expires, token, _) => expires > time.GetUtcNow() && expires <= ((JsonWebToken)token).IssuedAt.AddMinutes(10),
        });
        return result.IsValid ? new DateTimeOffset(((JsonWebToken)result.SecurityToken).IssuedAt) : null;
    }
}
