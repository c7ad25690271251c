using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Ingestion;

namespace DevPlatform.Catalog.Locations;

/// <summary>Handles <see cref="RegisterLocation"/>.</summary>
public static class RegisterLocationHandler
{
    public static async Task<LocationRegistered> HandleAsync(RegisterLocation command, LocationRegistry locations, CancellationToken cancellationToken)
    {
        LocationRules.Check(command.Type, command.Target);
        var (root, _, tree) = await locations.RegisterAsync(command.Type, command.Target, optional: false, command.RequestedBy, command.TaskId, cancellationToken);
        var self = Provenance.LocationRef(root.Type, root.Target);
        return new LocationRegistered(root.Id, [.. tree.Entities.Where(e => e.Ref != self).Select(e => e.Ref)]);
    }
}
