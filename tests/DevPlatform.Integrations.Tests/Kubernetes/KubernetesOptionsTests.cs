using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DevPlatform.Integrations.Kubernetes;
using DevPlatform.Shared.Clusters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Tests.Kubernetes;

public sealed class KubernetesOptionsTests
{
    [Fact]
    public void Without_a_cluster_there_is_none() => Clusters().All.ShouldBeEmpty();

    [Fact]
    public void Clusters_come_from_discovery_and_the_configuration() =>
        Clusters("services:kubernetes:http:0=http://cluster:6443", "Kubernetes:Others:0:Name=b", "Kubernetes:Others:0:Server=https://b:6443").All
            .Select(cluster => (cluster.Name, cluster.Server)).ShouldBe([("default", "http://cluster:6443"), ("b", "https://b:6443")]);

    [Theory]
    [InlineData("Kubernetes:Server=cluster", "Kubernetes:Server: found \"cluster\"; allowed: an absolute URL")]
    [InlineData("Kubernetes:Server=file:///etc/passwd", "Kubernetes:Server: found \"file:///etc/passwd\"; allowed: an absolute URL")]
    [InlineData("Kubernetes:Name=", "Kubernetes:Name: found nothing; allowed: a name that no other cluster has")]
    [InlineData("Kubernetes:Others:0:Server=http://b", "Kubernetes:Others:0:Name: found \"default\"; allowed: a name that no other cluster has")]
    [InlineData("Kubernetes:Others:0:Name=b", "Kubernetes:Others:0:Server: found nothing; allowed: an absolute URL")]
    [InlineData("Kubernetes:CertificateAuthority=/dev/null", "Kubernetes:CertificateAuthority: found \"/dev/null\"; allowed: a file with certificates (PEM)")]
    [InlineData("Kubernetes:CertificateAuthority=/nowhere", "Kubernetes:CertificateAuthority: found \"/nowhere\"; allowed: a file with certificates (PEM)")]
    public void A_wrong_setting_is_named(string setting, string problem) =>
        Should.Throw<OptionsValidationException>(() => Clusters(setting).All).Failures.ShouldContain(problem);

    [Theory]
    [InlineData("rollouts")]
    [InlineData("/v1/secrets")]
    [InlineData("v1/secrets")]
    [InlineData("argoproj.io/v1alpha1/../secrets")]
    [InlineData("argoproj.io/v1alpha1/rollouts?watch=true")]
    public void A_kind_that_is_no_custom_resource_is_named(string kind) =>
        new KubernetesReadOptions { CustomResources = { kind } }.Problems("Kubernetes").ShouldBe(
            [$"Kubernetes:CustomResources: found \"{kind}\"; allowed: group/version/plural, such as argoproj.io/v1alpha1/rollouts"]);

    [Fact]
    public void A_certificate_authority_is_read()
    {
        var file = Path.GetTempFileName();
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(file, certificate.ExportCertificatePem());

        var cluster = Clusters("Kubernetes:Server=https://cluster:6443", $"Kubernetes:CertificateAuthority={file}").Watched.ShouldNotBeNull();

        KubernetesClusters.ClientSettings(cluster).SslCaCerts.ShouldHaveSingleItem().Subject.ShouldBe("CN=test");
        File.Delete(file);
    }

    private static KubernetesClusters Clusters(params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine([.. settings.Select(setting => $"--{setting}")]).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddKubernetesClusters().AddKubernetesClusters();
        return services.BuildServiceProvider().GetRequiredService<KubernetesClusters>();
    }
}
