using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DevPlatform.Access.Teleport;

/// <summary>
/// What a Teleport identity file (<c>tctl auth sign</c>, <c>tbot</c>) holds for TLS: the client's certificate with its key, and the cluster's
/// certificate authorities. The file also has SSH lines, which do not matter here.
/// </summary>
internal sealed record TeleportIdentity(X509Certificate2 Certificate, X509Certificate2Collection Authorities)
{
    /// <exception cref="FormatException">A part is missing; says which.</exception>
    public static TeleportIdentity Parse(string text)
    {
        string? key = null;
        var certificates = new List<string>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var block))
        {
            var label = rest[block.Label].ToString();
            var pem = rest[block.Location].ToString();
            if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            {
                key ??= pem;
            }
            else if (label == "CERTIFICATE")
            {
                certificates.Add(pem);
            }

            rest = rest[block.Location.End..];
        }

        if (key is null || certificates.Count < 2)
        {
            throw new FormatException(
                $"The Teleport identity file has {(key is null ? "no private key" : "a private key")} and {certificates.Count} certificates; needed: a private key, the client's certificate and at least one authority");
        }

        var authorities = new X509Certificate2Collection();
        foreach (var authority in certificates.Skip(1))
        {
            authorities.ImportFromPem(authority);
        }

        return new(X509Certificate2.CreateFromPem(certificates[0], key), authorities);
    }
}
