using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.MockTools.Keycloak.Realms;

/// <summary>A realm's signing keys: the newest signs, older ones still verify, as in Keycloak after a rotation.</summary>
internal sealed class RealmKeys
{
    private readonly Lock _gate = new();
    private readonly byte[] _refreshTokenSecret = RandomNumberGenerator.GetBytes(64);
    private RsaSecurityKey[] _keys = [NewKey()];

    public RsaSecurityKey Current => Volatile.Read(ref _keys)[0];

    public IReadOnlyList<RsaSecurityKey> All => Volatile.Read(ref _keys);

    public SigningCredentials SigningCredentials => new(Current, SecurityAlgorithms.RsaSha256);

    /// <summary>Refresh tokens are for the realm alone, so they are signed with a secret that <c>/certs</c> does not show.</summary>
    public SigningCredentials RefreshTokenCredentials => new(new SymmetricSecurityKey(_refreshTokenSecret), SecurityAlgorithms.HmacSha512);

    /// <summary>Signs with a new key from now on.</summary>
    /// <param name="keepOld">False takes the old keys out of service: their tokens fail at once.</param>
    public void Rotate(bool keepOld = true)
    {
        lock (_gate)
        {
            _keys = keepOld ? [NewKey(), .. _keys] : [NewKey()];
        }
    }

    /// <summary>The public keys as <c>/certs</c> shows them.</summary>
    public object[] Certificates() => [.. All.Select(key =>
    {
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        return (object)new
        {
            kid = key.KeyId,
            kty = "RSA",
            alg = SecurityAlgorithms.RsaSha256,
            use = "sig",
            n = Base64UrlEncoder.Encode(parameters.Modulus),
            e = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    })];

    private static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32)) };
}
