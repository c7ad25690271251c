using System.Net;

namespace DevPlatform.Shared.Outbound;

/// <summary>Resolves names of hosts.</summary>
public interface INameResolver
{
    /// <summary>The addresses that a name has now.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It has none.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>Asks the system.</summary>
public sealed class SystemNameResolver : INameResolver
{
    /// <summary>The only one.</summary>
    public static readonly SystemNameResolver Instance = new();

    /// <inheritdoc />
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}
