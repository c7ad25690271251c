using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>Where entities come from: their annotations, the locations they name, the Location entities that stand for them.</summary>
internal static class Provenance
{
    /// <summary>Ref of the Location entity that stands for a registered location or a discovered file.</summary>
    public static string LocationRef(string type, string target) => $"location:default/{LocationName(type, target)}";

    /// <summary>The Location entity that stands for a registered location or a discovered file.</summary>
    public static JsonObject LocationEntity(string type, string target) => new()
    {
        ["apiVersion"] = "backstage.io/v1alpha1",
        ["kind"] = "Location",
        ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = LocationName(type, target) },
        ["spec"] = new JsonObject { ["type"] = type, ["target"] = target },
    };

    /// <summary>Fills in the namespace and says where the entity came from; what its author wrote about source and views stays.</summary>
    public static void Annotate(JsonObject entity, string type, string target, string origin)
    {
        var own = EntityJson.Object(entity, "metadata");
        var annotations = new JsonObject { [EntityJson.ManagedByLocation] = $"{type}:{target}", [EntityJson.ManagedByOriginLocation] = origin };
        if (type == "url")
        {
            annotations[EntityJson.ViewUrl] = target;
            if (GitUrl.TryParse(target, out var git))
            {
                annotations[EntityJson.EditUrl] = git.EditUrl;
                annotations[EntityJson.SourceLocation] = $"url:{git.DirectoryUrl}";
            }
        }

        foreach (var (key, value) in TakeOut(own["annotations"] as JsonObject))
        {
            if (key is not (EntityJson.ManagedByLocation or EntityJson.ManagedByOriginLocation))
            {
                annotations[key] = key is EntityJson.ViewUrl or EntityJson.EditUrl && !IsSafe(value) ? "about:blank" : value;
            }
        }

        foreach (var name in annotations.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList())
        {
            annotations.Remove(name);
        }

        var metadata = new JsonObject { ["namespace"] = EntityJson.Namespace(entity), ["annotations"] = annotations };
        foreach (var (key, value) in TakeOut(own))
        {
            if (key is not ("namespace" or "annotations" or "uid" or "etag"))
            {
                metadata[key] = value;
            }
        }

        entity["metadata"] = metadata;
    }

    /// <summary>What a target named in a file means.</summary>
    /// <exception cref="InputException">It leads out of the repository, or is no address.</exception>
    public static string Resolve(string type, string file, string target)
    {
        if (type == "file")
        {
            return Path.GetFullPath(target, Path.GetDirectoryName(file)!);
        }

        if (GitUrl.TryParse(file, out var git))
        {
            return git.Resolve(target);
        }

        return Uri.TryCreate(new Uri(file), target, out var resolved) && resolved.Scheme is "http" or "https"
            ? resolved.AbsoluteUri
            : throw InputException.For("target", target, "a path relative to the file, or an http(s) URL");
    }

    // Nodes have one parent: these are free for another.
    private static KeyValuePair<string, JsonNode?>[] TakeOut(JsonObject? from)
    {
        var taken = from?.ToArray() ?? [];
        from?.Clear();
        return taken;
    }

    private static string LocationName(string type, string target) =>
        // A name others can compute, not a secret. The algorithm is part of the format.
#pragma warning disable CA5350
        "generated-" + Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"{type}:{target}")));
#pragma warning restore CA5350

    private static bool IsSafe(JsonNode? url) => Uri.TryCreate(EntityJson.Text(url), UriKind.Absolute, out var uri) && !FieldRules.RunsCode(uri);
}
