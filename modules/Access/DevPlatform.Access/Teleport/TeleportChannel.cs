using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Teleport;

/// <summary>
/// The mTLS connection to Teleport's auth service. The server is known as <c>teleport.cluster.local</c>, whatever address is dialled, and is
/// trusted through the authorities in the identity file alone.
/// </summary>
internal sealed class TeleportChannel : IDisposable
{
    private const string ServerName = "teleport.cluster.local";
    private readonly IOptionsMonitor<TeleportOptions> _options;
    private readonly SocketsHttpHandler _handler;

    /// <summary>Nothing is dialled before the first call.</summary>
    public TeleportChannel(IOptionsMonitor<TeleportOptions> options)
    {
        _options = options;
        _handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = options.CurrentValue.ConnectionLifetime,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            EnableMultipleHttp2Connections = true,
        };
        Channel = GrpcChannel.ForAddress($"https://{ServerName}", new GrpcChannelOptions { HttpHandler = _handler });
    }

    public GrpcChannel Channel { get; }

    public void Dispose()
    {
        Channel.Dispose();
        _handler.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var options = _options.CurrentValue;
        var address = new Uri(options.Address!);
        var identity = TeleportIdentity.Parse(await File.ReadAllTextAsync(options.IdentityFile!, cancellationToken));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var stream = default(SslStream);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(TlsOptions(identity), cancellationToken);
            return stream;
        }
        catch
        {
            await (stream?.DisposeAsync() ?? ValueTask.CompletedTask);
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions TlsOptions(TeleportIdentity identity)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.AddRange(identity.Authorities);
        return new()
        {
            TargetHost = ServerName,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificates = [identity.Certificate],
            // The certificates that the server says it accepts may be named otherwise; there is only this one to send.
            LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Certificate,
            CertificateChainPolicy = trust,
        };
    }
}
