using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Storage;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>What an entity is made of when it is served.</summary>
/// <param name="Ref">Lower-case reference.</param>
/// <param name="Uid">Stays the same as long as the entity exists.</param>
/// <param name="Document">JSON before stitching.</param>
/// <param name="Issues">JSON array of <c>{name, message}</c>, or null.</param>
/// <param name="IsOrphan">Whether its source has it no more.</param>
internal sealed record EntityParts(string Ref, Guid Uid, string Document, string? Issues, bool IsOrphan = false);

/// <summary>An entity as it is served.</summary>
internal sealed record StitchedEntity(string Ref, byte[] Final, string Etag, string Lifecycle, string? State, string? StateMessage)
{
    /// <summary>As history compares it.</summary>
    public EntityVersion Version => new(Ref, Final, Lifecycle, Facts);

    public required EntityFacts Facts { get; init; }
}

/// <summary>
/// Makes the served entity from its document, the relations at both its ends, the errors of its source and the state of its claim. A pure
/// function: the same parts give the same bytes and etag.
/// </summary>
/// <remarks>
/// A Resource's state shows as annotation <c>devplatform.io/state</c> (so that filters find it), as <c>status.resource</c> and as an item of
/// <c>status.items</c>. An entity whose owner does not exist has annotation <c>devplatform.io/lifecycle: Orphaned</c> and an error in
/// <c>status.items</c>; so has one that its source has no more, and Backstage's <c>backstage.io/orphan</c> besides.
/// </remarks>
internal static class Stitcher
{
    public const string StateAnnotation = "devplatform.io/state";
    public const string LifecycleAnnotation = "devplatform.io/lifecycle";
    public const string OrphanAnnotation = "backstage.io/orphan";
    public const string Active = "Active";
    public const string Orphaned = "Orphaned";
    private const string ProcessingStatus = "backstage.io/catalog-processing";
    private const string StateStatus = "devplatform.io/resource-state";

    /// <param name="parts">The entity.</param>
    /// <param name="relations">Its relations as it sees them: (type, other end).</param>
    /// <param name="missingOwner">Its owner's ref, when the catalog has no such entity.</param>
    /// <param name="claim">Its claim, if the cluster has one.</param>
    /// <param name="added">JSON objects of annotations that providers add; what the entity says itself comes first.</param>
    public static StitchedEntity Stitch(
        EntityParts parts, IEnumerable<(string Type, string Target)> relations, string? missingOwner, ClaimRow? claim, IReadOnlyList<string>? added = null)
    {
        var document = EntityJson.Parse(parts.Document);
        var metadata = (JsonObject)document["metadata"]!;
        var annotations = EntityJson.Object(metadata, "annotations");
        foreach (var (name, value) in (added ?? []).SelectMany(more => JsonNode.Parse(more)!.AsObject()))
        {
            annotations.TryAdd(name, value?.DeepClone());
        }

        var items = new JsonArray();
        foreach (var issue in parts.Issues is null ? [] : JsonNode.Parse(parts.Issues)!.AsArray())
        {
            items.Add(Item(ProcessingStatus, "error", EntityJson.Text(issue!["name"])!, EntityJson.Text(issue["message"])!));
        }

        if (parts.IsOrphan)
        {
            annotations[OrphanAnnotation] = "true";
            annotations[LifecycleAnnotation] = Orphaned;
            items.Add(Item(ProcessingStatus, "error", "NotFoundError", $"{Orphaned}: it is no longer in its source, {EntityJson.Text(annotations[EntityJson.ManagedByLocation])}"));
        }

        if (missingOwner is not null)
        {
            annotations[LifecycleAnnotation] = Orphaned;
            items.Add(Item(ProcessingStatus, "error", "NotFoundError", $"{Orphaned}: \"spec.owner\" is {missingOwner}, which is not in the catalog"));
        }

        if (claim is not null)
        {
            annotations[StateAnnotation] = claim.State;
            items.Add(Item(StateStatus, Level(claim.State), null, claim.Message is null ? claim.State : $"{claim.State}: {claim.Message}"));
        }

        metadata["uid"] = parts.Uid.ToString();
        var ordered = relations.Distinct().OrderBy(r => r.Type, StringComparer.Ordinal).ThenBy(r => r.Target, StringComparer.Ordinal).ToList();
        document["relations"] = new JsonArray([.. ordered.Select(r => (JsonNode)new JsonObject { ["type"] = r.Type, ["targetRef"] = r.Target })]);
        if (items.Count > 0)
        {
            document["status"] = new JsonObject { ["items"] = items };
            if (claim is not null)
            {
                document["status"]!["resource"] = Resource(claim, metadata);
            }
        }

        var (final, etag) = Serialize(document, metadata);
        return new StitchedEntity(parts.Ref, final, etag, missingOwner is null && !parts.IsOrphan ? Active : Orphaned, claim?.State, claim?.Message)
        {
            Facts = new EntityFacts(
                EntityJson.Text(annotations[EntityJson.ManagedByLocation]), ordered.Where(r => r.Type == "ownedBy").Select(r => r.Target).FirstOrDefault()),
        };
    }

    // The etag is of everything else; it is filled in where metadata ends.
    private static (byte[] Final, string Etag) Serialize(JsonObject document, JsonObject metadata)
    {
        const string Blank = "0000000000000000000000000000000000000000";
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = EntityJson.Options.Encoder });
        var at = 0;
        writer.WriteStartObject();
        foreach (var (name, value) in document)
        {
            if (value != metadata)
            {
                Write(writer, name, value);
                continue;
            }

            writer.WriteStartObject(name);
            foreach (var (key, field) in metadata.Where(pair => pair.Key != "etag"))
            {
                Write(writer, key, field);
            }

            writer.WriteString("etag", Blank);
            at = (int)(writer.BytesCommitted + writer.BytesPending) - Blank.Length - 1;
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        var final = buffer.WrittenSpan.ToArray();
#pragma warning disable CA5350
        var etag = Convert.ToHexStringLower(SHA1.HashData(final));
#pragma warning restore CA5350
        Encoding.ASCII.GetBytes(etag, final.AsSpan(at));
        return (final, etag);
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer, EntityJson.Options);
        }
    }

    private static JsonObject Item(string type, string level, string? error, string message)
    {
        var item = new JsonObject { ["type"] = type, ["level"] = level, ["message"] = message };
        if (error is not null)
        {
            item["error"] = new JsonObject { ["name"] = error, ["message"] = message };
        }

        return item;
    }

    private static string Level(string state) => state switch
    {
        "Failed" => "error",
        "Degraded" => "warning",
        _ => "info",
    };

    // What the claim does not say, the entity's labels and annotations may.
    private static JsonObject Resource(ClaimRow claim, JsonObject metadata)
    {
        var size = claim.Size ?? Own("devplatform.io/size");
        var connection = claim.Connection is null ? null : JsonNode.Parse(claim.Connection)!;
        var resource = new JsonObject { ["state"] = claim.State };
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[
            ("message", claim.Message), ("environment", claim.Environment ?? Own("devplatform.io/environment")), ("size", size), ("tier", size),
            ("vaultPath", EntityJson.Text(connection?["vaultPath"]) ?? Own("vault.io/secrets-path")),
            ("claim", $"{claim.Namespace}/{claim.Name}"), ("since", claim.Since?.ToString("O"))])
        {
            if (value is not null)
            {
                resource[name] = value;
            }
        }

        if (connection is not null)
        {
            resource["connection"] = connection;
        }

        if (claim.Backup is not null)
        {
            resource["backup"] = JsonNode.Parse(claim.Backup);
        }

        return resource;

        string? Own(string name) => EntityJson.Text(metadata["labels"]?[name]) ?? EntityJson.Text(metadata["annotations"]?[name]);
    }
}
