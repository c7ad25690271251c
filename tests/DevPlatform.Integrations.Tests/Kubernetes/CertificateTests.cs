using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DevPlatform.Integrations.Kubernetes;
using DevPlatform.Shared.Clusters;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Integrations.Tests.Kubernetes;

/// <summary>Clusters have certificates of an authority of their own; the token goes to nobody else.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cluster-certificates-");
    private readonly List<string> _tokens = [];
    private WebApplication _cluster = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate("cluster"))));
        _cluster = builder.Build();
        _cluster.Map("/{**path}", (HttpRequest request) =>
        {
            _tokens.Add(request.Headers.Authorization.ToString());
            return Results.Text(request.Path);
        });
        await _cluster.StartAsync();
        Certificate("somebody-else").Dispose();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_cluster_is_read_whose_certificate_comes_from_its_authority()
    {
        using var reader = Reader("cluster");

        var answer = await reader.GetAsync("api/v1/pods", 1024, CancellationToken.None);

        System.Text.Encoding.UTF8.GetString(answer.Body).ShouldBe("/api/v1/pods");
        _tokens.ShouldBe(["Bearer secret"]);
    }

    [Theory]
    [InlineData("somebody-else")]
    [InlineData(null)]
    public async Task Nobody_else_is(string? authority)
    {
        using var reader = Reader(authority);

        await Should.ThrowAsync<ServiceUnavailableException>(() => reader.GetAsync("api/v1/pods", 1024, CancellationToken.None));

        _tokens.ShouldBeEmpty();
    }

    private ClusterReader Reader(string? authority) => new(
        new ClusterOptions { Server = _cluster.Urls.Single(), Token = "secret", CertificateAuthority = authority is null ? null : FileOf(authority) },
        new KubernetesReadOptions(),
        TimeProvider.System);

    private X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(FileOf(name), certificate.ExportCertificatePem());
        return certificate;
    }

    private string FileOf(string name) => Path.Combine(_directory.FullName, $"{name}.pem");
}
