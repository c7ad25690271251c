using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Integrations.Webhooks;

/// <summary>Signatures of webhooks: HMAC-SHA256 of the raw body, compared in constant time before anything is parsed.</summary>
internal static class WebhookSignature
{
    private const string GitHub = "X-Hub-Signature-256";
    private const string Gitea = "X-Gitea-Signature";
    private const string GitHubPrefix = "sha256=";

    /// <summary>Whether the body is signed with the secret, in GitHub's header or in Gitea's.</summary>
    public static bool IsValid(IHeaderDictionary headers, byte[] body, string secret)
    {
        var signature = headers[GitHub].ToString() is { Length: > 0 } gitHub
            ? (gitHub.StartsWith(GitHubPrefix, StringComparison.Ordinal) ? gitHub[GitHubPrefix.Length..] : "")
            : headers[Gitea].ToString();
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.FromHexString(signature, given, out _, out var length) == System.Buffers.OperationStatus.Done && length == given.Length
            && CryptographicOperations.FixedTimeEquals(given, HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
    }
}
