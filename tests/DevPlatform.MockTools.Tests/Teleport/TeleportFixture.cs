using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DevPlatform.Access.Teleport.Protos;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Tests.Support;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;

namespace DevPlatform.MockTools.Tests.Teleport;

/// <summary>An auth service with the platform's roles, and clients of it by their identity files.</summary>
public sealed class TeleportFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly List<IDisposable> _clients = [];
    private WebApplication? _app;

    public Uri Address { get; private set; } = null!;

    /// <summary>The plain address: health, faults, administration.</summary>
    public HttpClient Http { get; private set; } = null!;

    public string IdentityFile => _data["identity"];

    internal AuthService.AuthServiceClient Portal { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _data.Dispose();
    }

    /// <summary>Starts anew on the same data; the portal's client connects with the identity of before.</summary>
    public async Task RestartAsync()
    {
        var identity = await File.ReadAllTextAsync(IdentityFile);
        await StopAsync();
        await StartAsync();
        Portal = Client(identity);
    }

    /// <summary>A client with an identity of its own.</summary>
    internal async Task<AuthService.AuthServiceClient> ClientAsync(string user, params string[] roles)
    {
        using var response = await Http.PostAsJsonAsync("/__admin/identities", new { user, roles });
        return Client(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    internal AuthService.AuthServiceClient Client(string? identity)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(identity ?? File.ReadAllText(IdentityFile));
        using var key = ECDsa.Create();
        key.ImportFromPem(identity ?? File.ReadAllText(IdentityFile));
        using var own = certificates[0].CopyWithPrivateKey(key);
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = "teleport.cluster.local",
                ClientCertificates = identity is null ? [] : [X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null)],
                CertificateChainPolicy =
                    new X509ChainPolicy
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { certificates[1] },
                        RevocationMode = X509RevocationMode.NoCheck
                    },
            },
        };
        var channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        _clients.Add(channel);
        return new AuthService.AuthServiceClient(channel);
    }

    private async Task StartAsync()
    {
        (_app, Address) = await MockToolHost.StartAsync("teleport", $"--Teleport:Data={_data.Path}",
            $"--Teleport:Roles={RepositoryFiles.Path("deploy/teleport/roles.yaml")}");
        Http = new HttpClient
        {
            BaseAddress = new Uri(_app.Urls.Single(u => u.StartsWith("http:", StringComparison.Ordinal))),
            DefaultRequestVersion = HttpVersion.Version11
        };
        Portal = Client(await File.ReadAllTextAsync(IdentityFile));
    }

    private async Task StopAsync()
    {
        _clients.ForEach(c => c.Dispose());
        _clients.Clear();
        Http.Dispose();
        await _app!.DisposeAsync();
    }
}

[CollectionDefinition("teleport")]
public sealed class TeleportCollection : ICollectionFixture<TeleportFixture>;
