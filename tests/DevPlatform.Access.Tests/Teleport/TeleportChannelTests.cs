using DevPlatform.Access.Teleport;
using DevPlatform.Access.Tests.Support;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Tests.Teleport;

[Collection(AccessCollection.Name)]
public sealed class TeleportChannelTests(AccessPlatform platform) : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Reads_the_identity_again_for_every_connection()
    {
        using var channel = Channel();
        var client = new TeleportClient(channel, Options(), TimeProvider.System);
        (await Should.ThrowAsync<RpcException>(() => client.GetAsync("unknown", CancellationToken.None))).Status.Detail.ShouldContain("no private key");

        File.Copy(Options(platform).CurrentValue.IdentityFile!, _file, overwrite: true);

        (await client.GetAsync("unknown", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Trusts_nobody_but_the_clusters_own_authority()
    {
        var identity = await File.ReadAllTextAsync(Options(platform).CurrentValue.IdentityFile!);
        await File.WriteAllTextAsync(_file, identity[..identity.LastIndexOf("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)] + TeleportIdentityTests.Authority("CN=somebody else"));
        using var channel = Channel();

        var refusal = await Should.ThrowAsync<RpcException>(
            () => new TeleportClient(channel, Options(), TimeProvider.System).GetAsync("unknown", CancellationToken.None));

        refusal.Status.Detail.ShouldContain("certificate");
    }

    private TeleportChannel Channel() => new(Options());

    private IOptionsMonitor<TeleportOptions> Options() =>
        new ServiceCollection().Configure<TeleportOptions>(o => (o.Address, o.IdentityFile, o.Cluster) = (platform.Teleport.Url.ToString(), _file, "example"))
            .BuildServiceProvider().GetRequiredService<IOptionsMonitor<TeleportOptions>>();

    private static IOptionsMonitor<TeleportOptions> Options(AccessPlatform platform) => platform.Services.GetRequiredService<IOptionsMonitor<TeleportOptions>>();
}
