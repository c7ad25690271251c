using System.Text.Json;
using DevPlatform.Catalog.Entities;

namespace DevPlatform.Catalog.History;

/// <summary>A version of an entity, as history compares them.</summary>
/// <param name="Ref">Lower-case reference.</param>
/// <param name="Final">As served.</param>
/// <param name="Lifecycle">Its state.</param>
/// <param name="Known">Its file and owner, where whoever made it knows; else they are read from <paramref name="Final"/>.</param>
internal sealed record EntityVersion(string Ref, byte[] Final, string Lifecycle, EntityFacts? Known = null)
{
    public EntityFacts Facts => Known ?? EntityFacts.Of(Final);
}

/// <summary>What history says beside the fields.</summary>
/// <param name="Source">The file, <c>&lt;type&gt;:&lt;target&gt;</c>.</param>
/// <param name="Owner">The owner's ref.</param>
internal sealed record EntityFacts(string? Source, string? Owner)
{
    public static EntityFacts Of(byte[] final)
    {
        using var document = JsonDocument.Parse(final);
        var root = document.RootElement;
        var source = root.GetProperty("metadata").TryGetProperty("annotations", out var annotations)
            && annotations.TryGetProperty(EntityJson.ManagedByLocation, out var location) ? location.GetString() : null;
        var owner = root.GetProperty("relations").EnumerateArray()
            .Where(r => r.GetProperty("type").ValueEquals("ownedBy")).Select(r => r.GetProperty("targetRef").GetString()).FirstOrDefault();
        return new EntityFacts(source, owner);
    }
}

/// <summary>One change of one entity.</summary>
/// <param name="EntityRef">Lower-case reference.</param>
/// <param name="Change"><c>registered</c>, <c>discovered</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="By">Who or what did it.</param>
/// <param name="TaskId">The scaffolder task behind it.</param>
/// <param name="Source">The file it came from, <c>&lt;type&gt;:&lt;target&gt;</c>.</param>
/// <param name="Revision">The commit of that file.</param>
/// <param name="LifecycleFrom">The state it left; null where it stayed.</param>
/// <param name="LifecycleTo">The state it came to; null where it stayed.</param>
/// <param name="OwnerFrom">The owner before; null where that stayed.</param>
/// <param name="OwnerTo">The owner after.</param>
/// <param name="Fields">JSON array of <see cref="FieldChange"/>; null when there is none.</param>
internal sealed record HistoryEntry(
    string EntityRef, string Change, string By, string? TaskId, string? Source, string? Revision,
    string? LifecycleFrom, string? LifecycleTo, string? OwnerFrom, string? OwnerTo, string? Fields)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = EntityJson.Options.Encoder };

    /// <summary>What history says about a change, or null where none of the entity's own fields changed.</summary>
    /// <param name="cause">Who or what did it.</param>
    /// <param name="before">Null for an entity that is new.</param>
    /// <param name="after">Null for one that is removed.</param>
    public static HistoryEntry? Of(ChangeCause cause, EntityVersion? before, EntityVersion? after)
    {
        var (was, now) = (before?.Facts, after?.Facts);
        var source = now?.Source ?? was?.Source;
        var entry = new HistoryEntry(
            (after ?? before)!.Ref,
            before is null ? cause.Entered.ToLowerInvariant() : after is null ? "deleted" : "updated",
            cause.By, cause.TaskId, source, cause.RevisionOf(source),
            before?.Lifecycle ?? cause.Entered, after?.Lifecycle ?? EntityLifecycle.Deleted, was?.Owner, now?.Owner, null);
        if (before is null || after is null)
        {
            return entry;
        }

        var fields = EntityDiff.Of(before.Final, after.Final);
        if (before.Lifecycle == after.Lifecycle)
        {
            entry = entry with { LifecycleFrom = null, LifecycleTo = null };
        }

        if (was!.Owner == now!.Owner)
        {
            entry = entry with { OwnerFrom = null, OwnerTo = null };
        }

        return fields.Count == 0 && entry is { LifecycleTo: null, OwnerFrom: null, OwnerTo: null }
            ? null
            : entry with { Fields = fields.Count == 0 ? null : JsonSerializer.Serialize(fields, Json) };
    }
}
