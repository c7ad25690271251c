using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;

namespace DevPlatform.MockTools.Keycloak.Sessions;

internal enum DeviceGrantState
{
    Pending,
    Approved,
    Denied,
}

/// <summary>A device waiting for its user to confirm on another machine (RFC 8628).</summary>
internal sealed class DeviceGrant(string userCode, string clientId, string scope, DateTimeOffset expires)
{
    public string UserCode => userCode;

    public string ClientId => clientId;

    public string Scope => scope;

    public DateTimeOffset Expires => expires;

    public DeviceGrantState State { get; set; }

    public UserSession? Session { get; set; }

    public DateTimeOffset? LastPoll { get; set; }
}

/// <summary>Authorization codes (one use each) and device grants.</summary>
internal sealed class CodeStore(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (ClaimsPrincipal Principal, DateTimeOffset Expires)> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DeviceGrant> _devices = new(StringComparer.Ordinal);

    public string AddCode(ClaimsPrincipal principal, TimeSpan lifespan)
    {
        var code = $"{Guid.NewGuid()}.{Guid.NewGuid()}.{Guid.NewGuid()}";
        _codes[code] = (principal, time.GetUtcNow() + lifespan);
        return code;
    }

    /// <summary>The principal behind a code, once.</summary>
    public ClaimsPrincipal? TakeCode(string? code) =>
        code is not null && _codes.TryRemove(code, out var entry) && entry.Expires >= time.GetUtcNow() ? entry.Principal : null;

    public (string DeviceCode, DeviceGrant Grant) AddDevice(string clientId, string scope, TimeSpan lifespan)
    {
        // Consonants only, so that no code spells a word; shown as XXXX-XXXX.
        const string alphabet = "BCDFGHJKLMNPQRSTVWXZ";
        var grant = new DeviceGrant($"{RandomNumberGenerator.GetString(alphabet, 4)}-{RandomNumberGenerator.GetString(alphabet, 4)}",
            clientId, scope, time.GetUtcNow() + lifespan);
        var code = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        _devices[code] = grant;
        return (code, grant);
    }

    public DeviceGrant? FindDevice(string? deviceCode) => deviceCode is null ? null : _devices.GetValueOrDefault(deviceCode);

    public DeviceGrant? FindUserCode(string? userCode)
    {
        var wanted = userCode?.Replace("-", "").Trim();
        return _devices.Values.FirstOrDefault(d => d.Expires >= time.GetUtcNow()
            && string.Equals(d.UserCode.Replace("-", ""), wanted, StringComparison.OrdinalIgnoreCase));
    }

    public void RemoveDevice(string deviceCode) => _devices.TryRemove(deviceCode, out _);
}
