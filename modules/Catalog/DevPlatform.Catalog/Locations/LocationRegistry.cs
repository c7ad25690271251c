using System.Security.Cryptography;
using System.Text;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Storage;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Messaging;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Catalog.Locations;

/// <summary>A registered location on the wire.</summary>
internal sealed record LocationBody(string Id, string Type, string Target, string EntityRef)
{
    public static LocationBody Of(RootRow root) => new(root.Id.ToString(), root.Type, root.Target, Provenance.LocationRef(root.Type, root.Target));

    /// <summary>The entity tag of an answer with these locations.</summary>
    public static string TagOf(IEnumerable<LocationBody> locations)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var location in locations)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{location.Id} {location.Type} {location.Target}\n"));
        }

        return $"W/\"{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}\"";
    }
}

/// <summary>Registering and removing locations.</summary>
public sealed class LocationRegistry(CatalogWriter writer, Outbox<CatalogDbContext> outbox, SourceTreeReader trees, IAuditTrail audit, TimeProvider time)
{
    /// <summary>
    /// Registers a location and takes in what it leads to before returning. A location whose own file is malformed or holds an invalid entity
    /// is refused, with nothing stored.
    /// </summary>
    /// <returns>The location, and whether it is new.</returns>
    internal async Task<(RootRow Root, bool Created, SourceTree Tree)> RegisterAsync(
        string type, string target, bool optional, Actor actor, string? taskId, CancellationToken cancellationToken)
    {
        var tree = await ReadAsync(type, target, optional, cancellationToken);
        var db = outbox.DbContext;
        var root = new RootRow { Id = Guid.NewGuid(), Kind = RootKind.Registered, Type = type, Target = target };
        // Two registrations of one target at the same time end as one. It counts as checked, so that ingestion does not read all of it a second
        // time beside this; if this ends before it stores what it read, the next check finds the root without dependencies and reads.
        var created = await db.Database.ExecuteSqlAsync(
            $"""
            insert into catalog.roots (id, kind, type, target, has_conflicts, checked_at) values ({root.Id}, {root.Kind}, {type}, {target}, false, {time.GetUtcNow()})
            on conflict (kind, type, target) do nothing
            """, cancellationToken) == 1;
        root = await FindAsync(type, target, cancellationToken) ?? throw new ConflictException($"Location {type}:{target} was removed at this moment");
        if (created)
        {
            await outbox.PublishAsync(audit.Event(actor, "catalog.location.create", Provenance.LocationRef(type, target), AuditResult.Success, target, taskId));
            await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
        }

        await writer.ApplyTreeAsync(root.Id, tree, ChangeCause.Of(actor, taskId), cancellationToken);
        return (root, created, tree);
    }

    /// <summary>Reads what a location leads to, storing nothing. Fails when its own file cannot be used.</summary>
    internal async Task<SourceTree> ReadAsync(string type, string target, bool optional, CancellationToken cancellationToken)
    {
        var tree = await trees.ReadLocationAsync(type, target, cancellationToken);
        var self = Provenance.LocationRef(type, target);
        var own = tree.Issues.Where(issue => issue.ParentRef == self).ToList();
        return own.Count switch
        {
            0 => tree,
            _ when optional && own.All(issue => issue.Name == "NotFoundError") => tree,
            _ when own.All(issue => issue.Name == "ServiceUnavailableError") => throw new ServiceUnavailableException(own[0].Message),
            _ => throw new InputException(string.Join("; ", own.Take(20).Select(issue => issue.Message))),
        };
    }

    internal Task<RootRow?> FindAsync(string type, string target, CancellationToken cancellationToken) => outbox.DbContext.Roots.AsNoTracking()
        .FirstOrDefaultAsync(r => r.Kind == RootKind.Registered && r.Type == type && r.Target == target, cancellationToken);

    internal Task<RootRow?> FindAsync(Guid id, CancellationToken cancellationToken) => outbox.DbContext.Roots.AsNoTracking()
        .FirstOrDefaultAsync(r => r.Kind == RootKind.Registered && r.Id == id, cancellationToken);

    internal Task<List<RootRow>> ListAsync(CancellationToken cancellationToken) => outbox.DbContext.Roots.AsNoTracking()
        .Where(r => r.Kind == RootKind.Registered).OrderBy(r => r.Id).ToListAsync(cancellationToken);

    /// <summary>
    /// Makes a location lead to another place, once that can be read as <see cref="RegisterAsync"/> demands, and takes in what is there; what came
    /// from the old place only goes.
    /// </summary>
    /// <returns>The location as it is now.</returns>
    /// <exception cref="ConflictException">Another location leads there.</exception>
    internal async Task<RootRow> MoveAsync(RootRow root, string type, string target, bool optional, Actor actor, CancellationToken cancellationToken)
    {
        var tree = await ReadAsync(type, target, optional, cancellationToken);
        if (await FindAsync(type, target, cancellationToken) is { } other && other.Id != root.Id)
        {
            throw new ConflictException($"Location {type}:{target} already exists");
        }

        // A check of the old place may be under way; asking for another one lets the new place have the last word.
        var moved = await outbox.DbContext.Database.ExecuteSqlAsync(
            $"""
            update catalog.roots r set type = {type}, target = {target}, dependencies = null, refresh_requested_at = {time.GetUtcNow()}
            where id = {root.Id} and not exists (select from catalog.roots o where o.kind = r.kind and o.type = {type} and o.target = {target} and o.id <> r.id)
            """, cancellationToken);
        if (moved == 0)
        {
            throw new ConflictException($"Location {type}:{target} was registered, or this one removed, at this moment");
        }

        await outbox.PublishAsync(audit.Event(actor, "catalog.location.update", Provenance.LocationRef(type, target), AuditResult.Success, $"{root.Target} → {target}"));
        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
        await writer.ApplyTreeAsync(root.Id, tree, ChangeCause.Of(actor), cancellationToken);
        return await FindAsync(root.Id, cancellationToken) ?? throw new NotFoundException($"Found no location with ID {root.Id}");
    }

    /// <summary>Removes a location and what came from it.</summary>
    internal async Task RemoveAsync(RootRow root, Actor actor, CancellationToken cancellationToken)
    {
        await outbox.PublishAsync(audit.Event(actor, "catalog.location.delete", Provenance.LocationRef(root.Type, root.Target), AuditResult.Success, root.Target));
        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
        await writer.RemoveRootAsync(root.Id, ChangeCause.Of(actor), cancellationToken);
    }
}
