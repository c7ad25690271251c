using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Reads;
using DevPlatform.Shared.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Catalog.Storage;

/// <summary>
/// Changes entities. Every change is one transaction that also stitches what it touches, appends to history and to the change feed and
/// publishes events; an advisory lock lets one such transaction run at a time among all replicas, so that the feed's numbers are in the order of
/// commits.
/// </summary>
public sealed class CatalogWriter(Outbox<CatalogDbContext> outbox, ChangeFeed feed, TimeProvider time, IOptions<CatalogOptions> options)
{
    private const int MaxIssuesPerEntity = 20;

    /// <summary>
    /// Makes a root's entities what its sources say; what did not change is not touched. An entity that another root has stays that one's.
    /// </summary>
    /// <param name="rootId">The root.</param>
    /// <param name="tree">What its sources say.</param>
    /// <param name="cause">Who or what does it.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="since">The root as it was when reading began: where another run came first, this one's tree may be the older and is not used.</param>
    /// <returns>The entities that stayed another root's.</returns>
    internal async Task<IReadOnlyList<SourceIssue>> ApplyTreeAsync(Guid rootId, SourceTree tree, ChangeCause cause, CancellationToken cancellationToken, RootRow? since = null)
    {
        List<SourceIssue> conflicts = [];
        await InTransactionAsync(cause with { Versions = tree.Dependencies }, async tables =>
        {
            if (since is not null && !await tables.IsStillAsync(since))
            {
                await tables.RequestRefreshAsync(rootId, time.GetUtcNow());
                return new Touched([], []);
            }

            var existing = (await tables.RootEntitiesAsync(rootId)).ToDictionary(e => e.Ref, StringComparer.Ordinal);
            var elsewhere = await tables.ElsewhereAsync(rootId, [.. tree.Entities.Select(e => e.Ref)]);
            var foreign = elsewhere.Where(e => !e.IsFree).ToDictionary(e => e.Ref, e => e.Location, StringComparer.Ordinal);
            var mine = tree.Entities.Where(e => !foreign.ContainsKey(e.Ref)).ToList();
            // The same file reached through two roots is no conflict: the first root keeps it, the second takes over when that goes.
            conflicts = [.. tree.Entities
                .Where(e => !e.IsRootLocation && !e.GivesWay && foreign.TryGetValue(e.Ref, out var location) && location != e.Location)
                .Select(e => new SourceIssue(null, e.ParentRef ?? "", "ConflictError", $"{Target(e.Location)}: {e.Ref} is already defined in {Target(foreign[e.Ref])}"))];
            var kept = Kept(tree, existing, mine);
            var issues = Attach(tree.Issues.Concat(conflicts), kept);

            var upserts = mine.Select(e => new EntityUpsert(
                    e.Ref, existing.TryGetValue(e.Ref, out var old) ? old.Uid : Guid.NewGuid(), e.ParentRef, e.Location, e.Document, issues.GetValueOrDefault(e.Ref)))
                .Concat(kept.Select(e => new EntityUpsert(e.Ref, e.Uid, e.ParentRef, e.Location, e.Document, issues.GetValueOrDefault(e.Ref))))
                .Where(e => !existing.TryGetValue(e.Ref, out var old) || !e.Equals(old))
                .ToList();
            var present = mine.Select(e => e.Ref).Concat(kept.Select(e => e.Ref)).ToHashSet(StringComparer.Ordinal);
            var absent = existing.Values.Where(e => !present.Contains(e.Ref)).ToList();
            var removed = options.Value.OrphanStrategy == OrphanStrategy.Delete ? absent.ConvertAll(e => e.Ref) : [];
            var orphaned = options.Value.OrphanStrategy == OrphanStrategy.Keep ? absent.Where(e => !e.IsOrphan).Select(e => e.Ref).ToList() : [];
            var relations = mine.Where(e => !existing.TryGetValue(e.Ref, out var old) || old.Document != e.Document)
                .ToDictionary(e => e.Ref, e => Relations.Of(e.Entity), StringComparer.Ordinal);

            var added = upserts.Where(e => !existing.ContainsKey(e.Ref)).Select(e => e.Ref).ToList();
            var touched = await tables.ReplaceRelationsAsync(relations, removed);
            // What the catalog has never seen is stored as it will be served, at once.
            var known = elsewhere.Select(e => e.Ref).Concat(existing.Keys).ToHashSet(StringComparer.Ordinal);
            var fresh = upserts.Where(e => !known.Contains(e.Ref)).ToList();
            await tables.UpsertAsync(rootId, upserts.Where(e => known.Contains(e.Ref)).ToList());
            var gone = await tables.DeleteAsync(removed);
            await tables.OrphanAsync(orphaned, time.GetUtcNow());
            touched.UnionWith(orphaned);
            touched.UnionWith(upserts.Select(e => e.Ref));
            touched.UnionWith(await tables.OwnedByAsync([.. added, .. removed]));
            await tables.FinishRootAsync(rootId, tree.Dependencies, foreign.Count > 0, time.GetUtcNow());
            if (removed.Count + orphaned.Count > 0)
            {
                await tables.WakeRootsWithConflictsAsync(rootId, time.GetUtcNow());
            }

            return new Touched(touched, gone, rootId, fresh);
        }, cancellationToken);
        return conflicts;
    }

    /// <summary>Removes a root and what came from it.</summary>
    internal Task RemoveRootAsync(Guid rootId, ChangeCause cause, CancellationToken cancellationToken) => InTransactionAsync(cause, async tables =>
    {
        var removed = (await tables.RootEntitiesAsync(rootId)).ConvertAll(e => e.Ref);
        var touched = await RemoveAsync(tables, removed);
        await tables.DeleteRootAsync(rootId);
        await tables.WakeRootsWithConflictsAsync(rootId, time.GetUtcNow());
        return touched;
    }, cancellationToken);

    /// <summary>Removes one entity; its root is read anew at the next check, so that it returns if its source still has it.</summary>
    internal Task RemoveEntityAsync(string entityRef, ChangeCause cause, CancellationToken cancellationToken) => InTransactionAsync(cause, async tables =>
    {
        await tables.ForgetDependenciesAsync(entityRef);
        return await RemoveAsync(tables, [entityRef]);
    }, cancellationToken);

    /// <summary>Stores what the cluster says about claims, and removes claims.</summary>
    internal Task ApplyClaimsAsync(IReadOnlyList<ClaimRow> changed, IReadOnlyList<ClaimRow> gone, CancellationToken cancellationToken) => InTransactionAsync(ChangeCause.Crossplane, async tables =>
    {
        await tables.StoreClaimsAsync(changed, gone);
        return new Touched(changed.Concat(gone).Select(c => c.EntityRef).ToHashSet(StringComparer.Ordinal), []);
    }, cancellationToken);

    /// <summary>Makes the annotations that a provider's source adds to entities these.</summary>
    internal Task SetAnnotationsAsync(
        string provider, string source, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken) => InTransactionAsync(ChangeCause.Discovered(provider), async tables =>
        new Touched(await tables.StoreAddedAnnotationsAsync(provider, source, annotations), []), cancellationToken);

    private async Task InTransactionAsync(ChangeCause cause, Func<EntityTables, Task<Touched>> change, CancellationToken cancellationToken)
    {
        await using var transaction = await outbox.DbContext.Database.BeginTransactionAsync(cancellationToken);
        var tables = new EntityTables((NpgsqlConnection)outbox.DbContext.Database.GetDbConnection(), cancellationToken);
        await tables.LockAsync();
        var touched = await change(tables);
        await StitchAsync(tables, touched, cause);
        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
        // What this process reads includes what it wrote.
        await feed.CatchUpAsync(cancellationToken);
    }

    private async Task StitchAsync(EntityTables tables, Touched touched, ChangeCause cause)
    {
        var refs = touched.Refs.Except(touched.Removed.Select(e => e.Ref), StringComparer.Ordinal).ToList();
        var inputs = await tables.ReadForStitchingAsync(refs, touched.Fresh ?? []);
        var stitched = new List<StitchedEntity>();
        var changes = new List<EntityChange>();
        foreach (var input in inputs)
        {
            var missingOwner = options.Value.UnknownOwners == UnknownOwners.Accept ? null : input.MissingOwner;
            var final = Stitcher.Stitch(input.Parts, input.Relations, missingOwner, input.Claim, input.Added);
            if (final.Etag == input.Etag)
            {
                continue;
            }

            stitched.Add(final);
            changes.Add(new EntityChange(final.Ref, input.Etag.Length == 0 ? "added" : "updated"));
            await outbox.PublishAsync(new EntityChanged(final.Ref, changes[^1].Change, final.Etag));
            if (final.State is not null && (final.State, final.StateMessage) != (input.State, input.StateMessage))
            {
                await outbox.PublishAsync(new ResourceStateChanged(final.Ref, final.State, final.StateMessage, time.GetUtcNow()));
            }
        }

        foreach (var removed in touched.Removed)
        {
            changes.Add(new EntityChange(removed.Ref, "removed", removed.Final));
            await outbox.PublishAsync(new EntityChanged(removed.Ref, "removed", null));
        }

        await RecordAsync(tables, cause, stitched, touched.Removed);
        await tables.InsertAsync(touched.RootId, touched.Fresh ?? [], stitched);
        await tables.StoreStitchedAsync(stitched, touched.Fresh ?? [], changes, time.GetUtcNow());
    }

    private async Task RecordAsync(EntityTables tables, ChangeCause cause, List<StitchedEntity> stitched, IReadOnlyList<EntityVersion> removed)
    {
        var before = await tables.ServedAsync(stitched.Select(e => e.Ref));
        var entries = stitched.Select(e => HistoryEntry.Of(cause, before.GetValueOrDefault(e.Ref), e.Version))
            .Concat(removed.Select(e => HistoryEntry.Of(cause, e, null)))
            .OfType<HistoryEntry>().ToList();
        await tables.AppendHistoryAsync(entries, time.GetUtcNow());
    }

    private static async Task<Touched> RemoveAsync(EntityTables tables, List<string> removed)
    {
        var touched = await tables.ReplaceRelationsAsync(new Dictionary<string, IReadOnlyList<Relation>>(), removed);
        touched.UnionWith(await tables.OwnedByAsync(removed));
        return new Touched(touched, await tables.DeleteAsync(removed));
    }

    // Entities that the sources do not show now, but would if they could be read: last good version stays.
    private static List<StoredEntity> Kept(SourceTree tree, Dictionary<string, StoredEntity> existing, List<SourceEntity> mine)
    {
        var present = mine.Select(e => e.Ref).ToHashSet(StringComparer.Ordinal);
        var invalid = tree.Issues.Select(i => i.EntityRef).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var absent = existing.Values.Where(e => !present.Contains(e.Ref)).ToList();
        var kept = absent.Where(e => tree.UnreadLocations.Contains(e.Location) || invalid.Contains(e.Ref)).ToDictionary(e => e.Ref, StringComparer.Ordinal);
        for (var before = -1; before != kept.Count;)
        {
            before = kept.Count;
            foreach (var child in absent.Where(e => e.ParentRef is not null && kept.ContainsKey(e.ParentRef)))
            {
                kept.TryAdd(child.Ref, child);
            }
        }

        return [.. kept.Values];
    }

    private static Dictionary<string, string> Attach(IEnumerable<SourceIssue> issues, List<StoredEntity> kept)
    {
        var stays = kept.Select(e => e.Ref).ToHashSet(StringComparer.Ordinal);
        return issues.GroupBy(i => i.EntityRef is not null && stays.Contains(i.EntityRef) ? i.EntityRef : i.ParentRef, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => JsonSerializer.Serialize(group.Take(MaxIssuesPerEntity).Select(i => new { name = i.Name, message = i.Message }), EntityJson.Options),
                StringComparer.Ordinal);
    }

    private static string Target(string location) => location[(location.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <param name="Refs">Entities to stitch.</param>
    /// <param name="Removed">Entities that are gone.</param>
    /// <param name="RootId">Whose <paramref name="Fresh"/> are.</param>
    /// <param name="Fresh">Those of <paramref name="Refs"/> that are not stored yet.</param>
    private sealed record Touched(HashSet<string> Refs, IReadOnlyList<EntityVersion> Removed, Guid RootId = default, IReadOnlyList<EntityUpsert>? Fresh = null);
}
