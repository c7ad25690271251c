using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>Who calls: the automation token, or a session of a local account (an HS256 token for 24 hours).</summary>
internal sealed class ArgoCdSessions(ArgoCdOptions options, TimeProvider time)
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The session's token, or null when the password is wrong.</summary>
    public string? SignIn(string? user, string? password)
    {
        if (user is null || !options.Users.TryGetValue(user, out var expected) || !Same(expected, password ?? ""))
        {
            return null;
        }

        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var body = $"{Encode("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Encode(JsonSerializer.SerializeToUtf8Bytes(new { iss = "argocd", sub = $"{user}:login", iat = now, nbf = now, exp = now + 86_400, jti = Guid.NewGuid().ToString() }))}";
        return $"{body}.{Sign(body)}";
    }

    /// <summary>The caller's name, or null when there is no valid token.</summary>
    public string? Caller(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : request.Cookies["argocd.token"] ?? "";
        if (options.Token is { Length: > 0 } automation && Same(automation, token))
        {
            return "portal";
        }

        if (token.Split('.') is not [var head, var payload, var signature] || !Same(Sign($"{head}.{payload}"), signature))
        {
            return null;
        }

        var claims = JsonSerializer.Deserialize<JsonElement>(Decode(payload));
        return claims.GetProperty("exp").GetInt64() > time.GetUtcNow().ToUnixTimeSeconds() ? claims.GetProperty("sub").GetString()!.Split(':')[0] : null;
    }

    private string Sign(string body) => Encode(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(body)));

    private static bool Same(string expected, string found) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(found));

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
