using System.Net;
using System.Net.Sockets;

namespace DevPlatform.AppHost.Embedded;

/// <summary>Gives every endpoint its port before the first process starts, so that all references can be resolved.</summary>
internal static class PortAllocator
{
    // Below the range from which the kernel takes ports for outgoing connections, so that none is taken between choosing and binding.
    private const int First = 20000;
    private const int Last = 32000;
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    public static void Allocate(IEnumerable<IResource> resources, bool randomize)
    {
        var taken = new List<string>();
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                var wanted = randomize ? null : endpoint.Port;
                if (wanted is { } port && !IsFree(port))
                {
                    taken.Add($"Port {port} (resource {resource.Name}) is taken by another program. Free it, or choose another: Ports__{resource.Name}=<port> in the environment, or --Ports:{resource.Name}=<port>.");
                }

                endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", wanted ?? NextFree());
                endpoint.TargetPort = endpoint.AllocatedEndpoint.Port;
            }
        }

        if (taken.Count > 0)
        {
            throw new DistributedApplicationException(string.Join('\n', taken));
        }
    }

    public static bool IsFree(int port)
    {
        try
        {
            foreach (var address in Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.Any, IPAddress.IPv6Loopback] : new[] { IPAddress.Loopback, IPAddress.Any })
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }

            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // No IPv6 loopback here; the IPv4 addresses before it were free.
            return true;
        }
    }

    private static int NextFree()
    {
        lock (Gate)
        {
            while (true)
            {
                var port = Random.Shared.Next(First, Last);
                if (Given.Add(port) && IsFree(port))
                {
                    return port;
                }
            }
        }
    }
}
