using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DevPlatform.Access.Teleport;

namespace DevPlatform.Access.Tests.Teleport;

public sealed class TeleportIdentityTests
{
    [Fact]
    public void Reads_key_certificate_and_authorities_between_the_SSH_lines()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var client = Certificate("CN=portal-bot", key);
        var text = $"{key.ExportPkcs8PrivateKeyPem()}\nssh-ed25519-cert-v01@openssh.com AAAA portal-bot\n{client}\n{Authority("CN=one")}\n{Authority("CN=two")}\n@cert-authority *.example ssh-ed25519 AAAA\n";

        var identity = TeleportIdentity.Parse(text);

        identity.Certificate.Subject.ShouldBe("CN=portal-bot");
        identity.Certificate.HasPrivateKey.ShouldBeTrue();
        identity.Authorities.Select(a => a.Subject).ShouldBe(["CN=one", "CN=two"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ssh-ed25519-cert-v01@openssh.com AAAA")]
    public void Says_what_is_missing(string text) =>
        Should.Throw<FormatException>(() => TeleportIdentity.Parse(text)).Message.ShouldContain("no private key and 0 certificates");

    internal static string Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Certificate(name, key);
    }

    private static string Certificate(string name, ECDsa key)
    {
        var from = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = new CertificateRequest(name, key, HashAlgorithmName.SHA256).CreateSelfSigned(from, from.AddYears(50));
        return certificate.ExportCertificatePem();
    }
}
