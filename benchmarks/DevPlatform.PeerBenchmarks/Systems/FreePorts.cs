using System.Net;
using System.Net.Sockets;

namespace DevPlatform.PeerBenchmarks.Systems;

internal static class FreePorts
{
    /// <summary>A loopback address with a port that was free a moment ago.</summary>
    public static Uri Url()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }
}
