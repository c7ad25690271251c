using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Options;
using Octokit;

namespace DevPlatform.Catalog.Providers.GitHub;

/// <summary>
/// Acts as a GitHub App: its key signs a short-lived assertion, for which GitHub gives a token of an organization's installation that lasts an hour. The token
/// reads the API and clones repositories; it is kept until shortly before it ends.
/// </summary>
internal sealed class GitHubInstallations(IOptions<GitHubOptions> options, TimeProvider time) : IGitAccounts, IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(9);

    // GitHub refuses what was signed in its future.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Installation> _installations = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether there is an app.</summary>
    public bool IsConfigured => options.Value.App.Id is not null;

    /// <summary>The token of the app's installation in an organization.</summary>
    /// <exception cref="ApiException">The app is not installed there, or its key is not GitHub's.</exception>
    public async Task<string> TokenAsync(string login, CancellationToken cancellationToken)
    {
        var installation = _installations.GetOrAdd(login, _ => new Installation());
        await installation.Gate.WaitAsync(cancellationToken);
        try
        {
            if (installation.Token is null || installation.ExpiresAt - Margin <= time.GetUtcNow())
            {
                var app = new GitHubClient(GitHubApi.Connect(options.Value, new Assertions(Assert)));
                installation.Id ??= (await app.GitHubApps.GetOrganizationInstallationForCurrent(login)).Id;
                var made = await app.GitHubApps.CreateInstallationToken(installation.Id.Value);
                (installation.Token, installation.ExpiresAt) = (made.Token, made.ExpiresAt);
            }

            return installation.Token;
        }
        finally
        {
            installation.Gate.Release();
        }
    }

    /// <summary>GitHub refused the token: the next one is new, and so is the installation.</summary>
    public void Forget(string login) => _installations.TryRemove(login, out _);

    /// <inheritdoc />
    public async Task<GitAccount?> FindAsync(Uri repository, CancellationToken cancellationToken)
    {
        var owner = repository.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        var isOurs = IsConfigured && repository.Authority.Equals(options.Value.WebUrl.Authority, StringComparison.OrdinalIgnoreCase)
            && options.Value.Organizations.Contains(owner, StringComparer.OrdinalIgnoreCase);
        return isOurs ? new GitAccount("x-access-token", await TokenAsync(owner!, cancellationToken)) : null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var installation in _installations.Values)
        {
            installation.Gate.Dispose();
        }
    }

    /// <summary>A JSON web token (RFC 7519) signed with the app's key.</summary>
    private string Assert()
    {
        var now = time.GetUtcNow();
        var claims = new { iss = options.Value.App.Id, iat = (now - ClockSkew).ToUnixTimeSeconds(), exp = (now + AssertionLife).ToUnixTimeSeconds() };
        var text = $"{Encode(new { alg = "RS256", typ = "JWT" })}.{Encode(claims)}";
        using var key = RSA.Create();
        key.ImportFromPem(options.Value.App.PrivateKey);
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

        static string Encode(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
    }

    private sealed class Installation
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public long? Id { get; set; }

        public string? Token { get; set; }

        public DateTimeOffset ExpiresAt { get; set; }
    }

    private sealed class Assertions(Func<string> assert) : ICredentialStore
    {
        public Task<Credentials> GetCredentials() => Task.FromResult(new Credentials(assert(), AuthenticationType.Bearer));
    }
}
