using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DevPlatform.MockTools.Hosting;

namespace DevPlatform.MockTools.Teleport.Pki;

/// <summary>The cluster's own authority for TLS and SSH, kept in <c>ca.key</c> and <c>ca.pem</c> of the data directory so that identities outlive a restart.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    /// <summary>The name every auth server has, whatever address is dialled.</summary>
    public const string ServerName = "teleport.cluster.local";

    private readonly ECDsa _key;

    public CertificateAuthority(string directory, string cluster, TimeProvider time)
    {
        var keyFile = Path.Combine(directory, "ca.key");
        var certificateFile = Path.Combine(directory, "ca.pem");
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(keyFile) && File.Exists(certificateFile))
        {
            _key.ImportFromPem(File.ReadAllText(keyFile));
            Certificate = X509CertificateLoader.LoadCertificate(File.ReadAllBytes(certificateFile)).CopyWithPrivateKey(_key);
        }
        else
        {
            var request = new CertificateRequest($"CN={cluster}, O={cluster}", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            Certificate = request.CreateSelfSigned(time.GetUtcNow().AddDays(-1), time.GetUtcNow().AddYears(10));
            PrivateFile.Write(keyFile, _key.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(certificateFile, Certificate.ExportCertificatePem() + "\n");
        }

        Ssh = new OpenSshCa(_key);
        ServerCertificate = CreateServerCertificate(cluster, time);
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2 ServerCertificate { get; }

    public OpenSshCa Ssh { get; }

    /// <summary>A user's certificate as Teleport makes it: the name is the common name, each role an organization.</summary>
    public X509Certificate2 IssueUser(PublicKey publicKey, string user, IEnumerable<string> roles, IEnumerable<string> accessRequests,
        DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(user);
        foreach (var role in roles)
        {
            subject.AddOrganizationName(role);
        }

        var request = new CertificateRequest(subject.Build(), publicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        if (string.Join(',', accessRequests) is { Length: > 0 } active)
        {
            request.CertificateExtensions.Add(new X509Extension(Caller.ActiveRequests, Encoding.UTF8.GetBytes(active), critical: false));
        }

        return request.Create(Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), notBefore, notAfter,
            RandomNumberGenerator.GetBytes(16));
    }

    /// <summary>Whether a client certificate was issued here and is valid now.</summary>
    public bool Trusts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        ServerCertificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 CreateServerCertificate(string cluster, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={ServerName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(ServerName);
        names.AddDnsName($"{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(cluster))}.{ServerName}");
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key),
            time.GetUtcNow().AddDays(-1), time.GetUtcNow().AddYears(5), RandomNumberGenerator.GetBytes(16));
        using var withKey = certificate.CopyWithPrivateKey(key);

        // Through PKCS #12, because some platforms cannot serve with an ephemeral key.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}

internal static class PrivateFile
{
    /// <summary>Writes a file that only its owner may read.</summary>
    public static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, Encoding.ASCII, options);
        writer.Write(text);
    }
}
