using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Kubernetes.Objects;

/// <summary>
/// Who set which field (<c>metadata.managedFields</c>) and, from that, server-side apply. A field is a path to a value; lists are one value,
/// so that applying a list replaces it.
/// </summary>
internal static class FieldOwnership
{
    private const char Separator = '\u001f';

    /// <summary>
    /// The live object with the applied one laid over it: fields the manager applied before and does not any more are gone, unless
    /// somebody else has them too.
    /// </summary>
    /// <exception cref="KubernetesException">409 when others own fields that would change, unless forced.</exception>
    public static JsonObject Apply(JsonObject live, JsonObject applied, string manager, bool force, DateTimeOffset now)
    {
        var wanted = Leaves(applied);
        var others = Entries(live).Where(e => !(e.Manager == manager && e.Operation == "Apply")).ToList();
        var conflicts = (from entry in others
                         from path in entry.Fields
                         where wanted.TryGetValue(path, out var value) && !JsonNode.DeepEquals(value, Value(live, path))
                         select (entry, path)).ToArray();
        if (conflicts.Length > 0 && !force)
        {
            throw Conflict(conflicts);
        }

        foreach (var (entry, path) in conflicts)
        {
            entry.Fields.Remove(path);
        }

        var result = live.Copy();
        var before = Entries(live).Where(e => e.Manager == manager && e.Operation == "Apply").SelectMany(e => e.Fields);
        foreach (var path in before.Where(p => !wanted.ContainsKey(p) && !others.Any(o => o.Fields.Contains(p))))
        {
            Remove(result, path.Split(Separator));
        }

        result = (JsonObject)Overlay(result, applied)!;
        others.Add(new Entry(manager, "Apply", applied.Text("apiVersion")!, "", [.. wanted.Keys]));
        Write(result, others, now);
        return result;
    }

    /// <summary>Records that a manager changed fields by other means than apply.</summary>
    public static void RecordUpdate(JsonObject? before, JsonObject after, string manager, string subresource, DateTimeOffset now)
    {
        var old = before is null ? [] : Leaves(before, subresource);
        var current = Leaves(after, subresource);
        var changed = current.Where(f => !old.TryGetValue(f.Key, out var value) || !JsonNode.DeepEquals(value, f.Value)).Select(f => f.Key).ToHashSet(StringComparer.Ordinal);
        var entries = Entries(before ?? after).ToList();
        foreach (var entry in entries)
        {
            entry.Fields.RemoveWhere(f => changed.Contains(f) || (old.ContainsKey(f) && !current.ContainsKey(f)));
        }

        var own = entries.FirstOrDefault(e => e.Manager == manager && e.Operation == "Update" && e.Subresource == subresource);
        if (own is null)
        {
            entries.Add(own = new Entry(manager, "Update", after.Text("apiVersion")!, subresource, []));
        }

        own.Fields.UnionWith(changed);
        Write(after, entries, now);
    }

    private static void Write(JsonObject target, IEnumerable<Entry> entries, DateTimeOffset now)
    {
        var known = target.Objects("metadata", "managedFields").ToArray();
        target.Child("metadata")["managedFields"] = new JsonArray([.. entries.Where(e => e.Fields.Count > 0).Select(e => e.ToJson(known, now))]);
    }

    private static KubernetesException Conflict(IReadOnlyCollection<(Entry Entry, string Path)> conflicts)
    {
        var causes = conflicts.Select(c => (Message: $"conflict with \"{c.Entry.Manager}\" using {c.Entry.ApiVersion}", Field: "." + c.Path.Replace(Separator, '.'))).ToArray();
        var details = new JsonObject
        {
            ["causes"] = new JsonArray([.. causes.Select(c => new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = c.Message, ["field"] = c.Field })]),
        };
        var count = causes.Length == 1 ? "1 conflict" : $"{causes.Length} conflicts";
        return new KubernetesException(409, "Conflict", $"Apply failed with {count}: {string.Join(", ", causes.Select(c => $"{c.Message}: {c.Field}"))}", details);
    }

    private static IEnumerable<Entry> Entries(JsonObject source) => source.Objects("metadata", "managedFields").Select(Entry.Parse);

    /// <summary>The values that can have an owner: everything but what identifies the object and what the server keeps.</summary>
    private static Dictionary<string, JsonNode?> Leaves(JsonObject source, string subresource = "")
    {
        var leaves = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (name, value) in source)
        {
            if (name is "apiVersion" or "kind" || (subresource == "status") != (name == "status"))
            {
                continue;
            }

            if (name != "metadata")
            {
                Collect(value, name, leaves);
                continue;
            }

            foreach (var part in (string[])["labels", "annotations", "finalizers", "ownerReferences"])
            {
                if (value.At(part) is { } owned)
                {
                    Collect(owned, $"metadata{Separator}{part}", leaves);
                }
            }
        }

        return leaves;
    }

    private static void Collect(JsonNode? node, string path, Dictionary<string, JsonNode?> leaves)
    {
        if (node is JsonObject { Count: > 0 } value)
        {
            foreach (var (name, inner) in value)
            {
                Collect(inner, path + Separator + name, leaves);
            }
        }
        else
        {
            leaves[path] = node;
        }
    }

    private static JsonNode? Value(JsonObject source, string path) => source.At(path.Split(Separator));

    private static void Remove(JsonObject target, ReadOnlySpan<string> path)
    {
        if (path.Length == 1)
        {
            target.Remove(path[0]);
        }
        else if (target[path[0]] is JsonObject child)
        {
            Remove(child, path[1..]);
            if (child.Count == 0)
            {
                target.Remove(path[0]);
            }
        }
    }

    private static JsonNode? Overlay(JsonNode? target, JsonNode? applied)
    {
        if (target is not JsonObject existing || applied is not JsonObject changes)
        {
            return applied?.DeepClone();
        }

        foreach (var (name, value) in changes)
        {
            existing[name] = Overlay(existing[name]?.DeepClone(), value);
        }

        return existing;
    }

    private sealed record Entry(string Manager, string Operation, string ApiVersion, string Subresource, HashSet<string> Fields)
    {
        public static Entry Parse(JsonObject entry)
        {
            var fields = new HashSet<string>(StringComparer.Ordinal);
            Read(entry["fieldsV1"] as JsonObject ?? [], "", fields);
            return new Entry(entry.Text("manager") ?? "", entry.Text("operation") ?? "", entry.Text("apiVersion") ?? "", entry.Text("subresource") ?? "", fields);
        }

        public JsonObject ToJson(IEnumerable<JsonObject> known, DateTimeOffset now)
        {
            var tree = new JsonObject();
            foreach (var field in Fields.Order(StringComparer.Ordinal))
            {
                tree.Child([.. field.Split(Separator).Select(p => "f:" + p)]);
            }

            // An entry whose fields did not change keeps its time, so that a repeated apply changes nothing.
            var same = known.FirstOrDefault(k => k.Text("manager") == Manager && k.Text("operation") == Operation && (k.Text("subresource") ?? "") == Subresource
                && JsonNode.DeepEquals(k["fieldsV1"], tree));
            var entry = new JsonObject
            {
                ["manager"] = Manager,
                ["operation"] = Operation,
                ["apiVersion"] = ApiVersion,
                ["time"] = same.Text("time") ?? now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"),
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = tree,
            };
            if (Subresource.Length > 0)
            {
                entry["subresource"] = Subresource;
            }

            return entry;
        }

        private static void Read(JsonObject tree, string path, HashSet<string> fields)
        {
            foreach (var (name, inner) in tree)
            {
                var field = path.Length == 0 ? name[2..] : path + Separator + name[2..];
                if (inner is JsonObject { Count: > 0 } below)
                {
                    Read(below, field, fields);
                }
                else
                {
                    fields.Add(field);
                }
            }
        }
    }
}
