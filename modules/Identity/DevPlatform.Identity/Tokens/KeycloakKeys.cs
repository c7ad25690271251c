using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.Identity.Tokens;

/// <summary>
/// The realm's issuer and signing keys: fetched when first needed, again every <see cref="Lifetime"/> in the background, and at once when a
/// token names an unknown key, but not more often than every <see cref="MinimumInterval"/>. What was fetched once stays while Keycloak is down.
/// </summary>
internal sealed class KeycloakKeys(
    IConfigurationManager<OpenIdConnectConfiguration> source, string? issuer, TimeProvider time, ILogger<KeycloakKeys> logger)
    : BaseConfigurationManager, IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan MinimumInterval = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile OpenIdConnectConfiguration? _current;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;
    private volatile bool _wanted = true;

    /// <summary>False until Keycloak answered for the first time.</summary>
    public bool Known => _current is not null;

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (_current is { } known && !_wanted)
        {
            if (time.GetUtcNow() - _triedAt > Lifetime)
            {
                _ = FetchAsync(CancellationToken.None);
            }

            return known;
        }

        await FetchAsync(cancel);
        return _current ?? throw new InvalidOperationException("Keycloak's signing keys could not be fetched yet.");
    }

    public override async Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) => await GetConfigurationAsync(cancel);

    /// <summary>A token named a key that is not known.</summary>
    public override void RequestRefresh()
    {
        if (time.GetUtcNow() - _triedAt >= MinimumInterval)
        {
            _wanted = true;
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _triedAt < MinimumInterval)
            {
                // Another request just tried.
                return;
            }

            _triedAt = time.GetUtcNow();
            var fetched = await source.GetConfigurationAsync(cancellationToken);
            fetched.Issuer = issuer ?? fetched.Issuer;
            _current = fetched;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("Keycloak's signing keys could not be fetched: {Reason}", e.GetBaseException().Message);
        }
        finally
        {
            _wanted = false;
            _one.Release();
        }
    }
}

/// <summary>Reads discovery document and keys from the realm, every time it is asked.</summary>
internal sealed class KeycloakDiscovery(IHttpClientFactory http, string authority) : IConfigurationManager<OpenIdConnectConfiguration>
{
    public const string HttpClientName = "keycloak";

    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) => OpenIdConnectConfigurationRetriever.GetAsync(
        $"{authority}/.well-known/openid-configuration",
        // Whether plain http is right is the operator's choice of URL (inside a mesh, on a laptop).
        new HttpDocumentRetriever(http.CreateClient(HttpClientName)) { RequireHttps = false },
        cancel);

    public void RequestRefresh()
    {
    }
}
