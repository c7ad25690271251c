using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Vault;

/// <summary>
/// The token that this replica uses at Vault: a configured one, or one from the Kubernetes login, renewed at two thirds of its time because
/// the leases that it made end with it.
/// </summary>
internal sealed class VaultToken(VaultTransport transport, IOptionsMonitor<VaultOptions> options, TimeProvider time, ILogger<VaultToken> logger)
    : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Login? _login;

    /// <summary>The token to send; logs in when there is none.</summary>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        if (options.CurrentValue.Auth == "token")
        {
            return options.CurrentValue.Token ?? throw new HttpRequestException("Vault has no token: set Vault:Token");
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_login is null || time.GetUtcNow() >= _login.EndsAt)
            {
                _login = await LoginAsync(cancellationToken);
            }

            return _login.Token;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Vault refused this token: the next call logs in again.</summary>
    /// <returns>Whether another try makes sense.</returns>
    public bool Forget(string token)
    {
        var login = _login;
        if (login?.Token != token)
        {
            return options.CurrentValue.Auth != "token";
        }

        _login = null;
        return true;
    }

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_login is { } login && time.GetUtcNow() >= login.RenewAt)
            {
                await RenewAsync(login, stoppingToken);
            }

            await Task.Delay(Idle, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RenewAsync(Login login, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await transport.SendAsync<object>(HttpMethod.Post, "auth/token/renew-self", new { }, login.Token, cancellationToken);
            _login = Of(answer.Auth!);
        }
        catch (VaultException e)
        {
            logger.LogWarning("Vault does not renew the token, a new login follows: {Reason}", e.Message);
            Forget(login.Token);
        }
        catch (HttpRequestException e)
        {
            logger.LogWarning("Vault could not be asked to renew the token: {Reason}", e.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task<Login> LoginAsync(CancellationToken cancellationToken)
    {
        var current = options.CurrentValue;
        var jwt = (await File.ReadAllTextAsync(current.JwtFile, cancellationToken)).Trim();
        var answer = await transport.SendAsync<object>(
            HttpMethod.Post, $"auth/{current.KubernetesMount}/login", new { role = current.Role, jwt }, null, cancellationToken);
        return Of(answer.Auth!);
    }

    private Login Of(VaultAuth auth)
    {
        var now = time.GetUtcNow();
        var length = TimeSpan.FromSeconds(auth.LeaseDuration);
        return new(auth.ClientToken, auth.Renewable ? now + (length * 2 / 3) : DateTimeOffset.MaxValue, now + length);
    }

    private sealed class Login(string token, DateTimeOffset renewAt, DateTimeOffset endsAt)
    {
        public string Token { get; } = token;

        public DateTimeOffset RenewAt { get; } = renewAt;

        public DateTimeOffset EndsAt { get; } = endsAt;
    }
}
