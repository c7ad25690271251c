using System.Net;
using System.Net.Sockets;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Shared.Outbound;

/// <summary>
/// Keeps URLs that users give from reaching what only the platform can reach: loopback, private, link-local (cloud metadata) and other
/// special ranges, in IPv4, IPv6 and IPv4-mapped form.
/// </summary>
public static class PrivateNetwork
{
    private static readonly IPNetwork[] Special =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("224.0.0.0/3"), IPNetwork.Parse("::/128"), IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("192.88.99.0/24"), IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("64:ff9b:1::/48"), IPNetwork.Parse("100::/64"),
        IPNetwork.Parse("2001::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("fec0::/10"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>Whether an address is in a range that is not the public internet.</summary>
    public static bool Contains(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Special.Any(network => network.Contains(plain));
    }

    /// <summary>
    /// Connects to the addresses that were checked, not to what the name means a moment later: for <see cref="SocketsHttpHandler.ConnectCallback"/>.
    /// </summary>
    /// <param name="endpoint">Host and port.</param>
    /// <param name="mayBePrivate">Whether the host may be in a private network.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="resolver">Resolves the host's name; default: the system.</param>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, bool mayBePrivate, CancellationToken cancellationToken, INameResolver? resolver = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await (mayBePrivate
                ? socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken)
                : socket.ConnectAsync(await ResolvePublicAsync(endpoint.Host, cancellationToken, resolver), endpoint.Port, cancellationToken));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The public addresses of a host.</summary>
    /// <exception cref="InputException">It has an address in a private network.</exception>
    /// <exception cref="ServiceUnavailableException">Its name cannot be resolved.</exception>
    public static async Task<IPAddress[]> ResolvePublicAsync(string host, CancellationToken cancellationToken, INameResolver? resolver = null)
    {
        IPAddress[] addresses;
        try
        {
            var name = host.Trim('[', ']');
            addresses = IPAddress.TryParse(name, out var address) ? [address] : await (resolver ?? SystemNameResolver.Instance).ResolveAsync(name, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new ServiceUnavailableException($"Host \"{host}\" cannot be resolved", e);
        }

        return addresses.Any(Contains)
            ? throw new InputException($"Host \"{host}\" is in a private network and is not among the hosts that may be read")
            : addresses;
    }
}
