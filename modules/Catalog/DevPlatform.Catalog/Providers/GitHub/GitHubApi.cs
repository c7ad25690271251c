using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Octokit;
using Octokit.Internal;

namespace DevPlatform.Catalog.Providers.GitHub;

/// <summary>GitHub's REST API: conditional requests, and patience where GitHub asks for it.</summary>
internal sealed class GitHubApi(IOptions<GitHubOptions> options, GitHubInstallations installations, TimeProvider time, ILogger<GitHubApi> logger)
{
    private static readonly TimeSpan WithoutWord = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, GitHubClient> _clients = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A connection to the API with an account.</summary>
    public static Connection Connect(GitHubOptions options, ICredentialStore account) => new(
        new ProductHeaderValue("DevPlatform"),
        new Uri(options.ApiUrl.TrimEnd('/') + "/"),
        account,
        new HttpClientAdapter(() => new ConditionalRequests(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })),
        new SimpleJsonSerializer());

    /// <summary>Calls the API on behalf of an organization; when a rate limit is reached, again once GitHub allows it.</summary>
    public async Task<T> CallAsync<T>(string login, Func<IGitHubClient, Task<T>> call, CancellationToken cancellationToken)
    {
        var client = _clients.GetOrAdd(login, _ => new GitHubClient(Connect(options.Value, new Account(options.Value, installations, login))));
        var isRenewed = false;
        while (true)
        {
            try
            {
                return await call(client).WaitAsync(cancellationToken);
            }
            catch (AuthorizationException) when (installations.IsConfigured && !isRenewed)
            {
                // Revoked before its time.
                isRenewed = true;
                installations.Forget(login);
            }
            catch (ApiException e) when (Pause(e) is { } pause)
            {
                logger.LogWarning("GitHub's rate limit is reached; going on in {Pause}", pause);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private sealed class Account(GitHubOptions options, GitHubInstallations installations, string login) : ICredentialStore
    {
        public async Task<Credentials> GetCredentials() => installations.IsConfigured ? new Credentials(await installations.TokenAsync(login, CancellationToken.None))
            : options.Token is { } token ? new Credentials(token) : Credentials.Anonymous;
    }

    private TimeSpan? Pause(ApiException e)
    {
        if (e.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests))
        {
            return null;
        }

        if (Number(e, "retry-after") is { } seconds)
        {
            return TimeSpan.FromSeconds(Math.Max(seconds, 1));
        }

        if (Number(e, "x-ratelimit-remaining") == 0 && Number(e, "x-ratelimit-reset") is { } reset)
        {
            // A second more: the clocks differ.
            var wait = DateTimeOffset.FromUnixTimeSeconds(reset) - time.GetUtcNow() + TimeSpan.FromSeconds(1);
            return wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait;
        }

        return e.StatusCode == HttpStatusCode.TooManyRequests || e is SecondaryRateLimitExceededException or AbuseException ? WithoutWord : null;
    }

    private static long? Number(ApiException e, string header) =>
        e.HttpResponse?.Headers.FirstOrDefault(pair => pair.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Value is { } text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
