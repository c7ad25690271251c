using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DevPlatform.MockTools.Teleport.Pki;

/// <summary>Writes identities in the format of <c>tctl auth sign --format=file</c>: key, SSH certificate, TLS certificate, TLS authorities, SSH authorities.</summary>
internal static class IdentityFile
{
    public static string Create(CertificateAuthority authority, string cluster, string user, string[] roles, string[] accessRequests,
        DateTimeOffset now, DateTimeOffset expires)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = authority.IssueUser(new PublicKey(key), user, roles, accessRequests, now.AddMinutes(-1), expires);
        return new StringBuilder()
            .Append(key.ExportPkcs8PrivateKeyPem()).Append('\n')
            .Append(authority.Ssh.SignUserKey(OpenSshKey(key), 0, user, [user, "-teleport-internal-join"], now.AddMinutes(-1), expires,
                ["permit-pty", "permit-port-forwarding"]))
            .Append(certificate.ExportCertificatePem()).Append('\n')
            .Append(authority.Certificate.ExportCertificatePem()).Append('\n')
            .Append($"@cert-authority *.{cluster},{cluster} {authority.Ssh.PublicKey} type=host\n")
            .ToString();
    }

    private static string OpenSshKey(ECDsa key) => Hosting.OpenSshCa.PublicKeyLine(key);
}
