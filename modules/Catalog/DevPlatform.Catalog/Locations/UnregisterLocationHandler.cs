using DevPlatform.Catalog.Contracts;

namespace DevPlatform.Catalog.Locations;

/// <summary>Handles <see cref="UnregisterLocation"/>.</summary>
public static class UnregisterLocationHandler
{
    public static async Task<LocationUnregistered> HandleAsync(UnregisterLocation command, LocationRegistry locations, CancellationToken cancellationToken)
    {
        if (await locations.FindAsync(command.Type, command.Target, cancellationToken) is not { } root)
        {
            return new LocationUnregistered(false);
        }

        await locations.RemoveAsync(root, command.RequestedBy, cancellationToken);
        return new LocationUnregistered(true);
    }
}
