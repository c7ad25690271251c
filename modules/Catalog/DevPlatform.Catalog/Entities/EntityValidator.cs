using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;

namespace DevPlatform.Catalog.Entities;

/// <summary>A rule that an entity breaks.</summary>
/// <param name="Path">Dotted path of the field.</param>
/// <param name="Message">Which field, what was found, what is allowed.</param>
public sealed record EntityProblem(string Path, string Message);

/// <summary>
/// Checks an entity against the envelope's rules and its kind's. Finds all problems, not the first only.
/// </summary>
internal sealed class EntityValidator
{
    private static readonly string[] RootFields = ["apiVersion", "kind", "metadata", "spec"];

    private readonly List<EntityProblem> _problems = [];

    public static IReadOnlyList<EntityProblem> Validate(JsonNode? node)
    {
        var validator = new EntityValidator();
        if (node is JsonObject entity)
        {
            validator.Entity(entity);
        }
        else
        {
            validator.Add("", node, "an object with apiVersion, kind, metadata and spec");
        }

        return validator._problems;
    }

    private void Entity(JsonObject entity)
    {
        foreach (var (name, value) in entity.Where(pair => !RootFields.Contains(pair.Key)))
        {
            _problems.Add(new EntityProblem(name, $"Unknown field {name}; allowed: {string.Join(", ", RootFields)}"));
        }

        var apiVersion = Rule(entity, "", "apiVersion", FieldRules.IsApiVersion, "[prefix/]version, e.g. \"backstage.io/v1alpha1\"");
        var kind = Rule(entity, "", "kind", FieldRules.IsKind, "a word of letters and digits that starts with a letter, at most 63 characters");
        if (entity["metadata"] is JsonObject metadata)
        {
            Metadata(metadata);
        }
        else
        {
            Add("metadata", entity["metadata"], "an object with name");
        }

        if (apiVersion is not null && kind is not null)
        {
            Kind(entity, apiVersion, kind);
        }
    }

    private void Metadata(JsonObject metadata)
    {
        Rule(metadata, "metadata", "name", FieldRules.IsName, FieldRules.NameRule);
        Optional(metadata, "metadata", "namespace", FieldRules.IsNamespace, "sequences of [a-z0-9] separated by -, at most 63 characters");
        Optional(metadata, "metadata", "title", text => text.Length > 0, "a non-empty string");
        Optional(metadata, "metadata", "description", _ => true, "a string");
        Map(metadata, "labels", value => value.Length == 0 || FieldRules.IsName(value), $"empty or {FieldRules.NameRule}");
        Map(metadata, "annotations", _ => true, "a string");
        Each(metadata, "metadata", "tags", (path, tag) =>
        {
            if (EntityJson.Text(tag) is not { } text || !FieldRules.IsTag(text))
            {
                Add(path, tag, "sequences of [a-z0-9:+#] separated by -, at most 63 characters");
            }
        });
        Each(metadata, "metadata", "links", (path, link) =>
        {
            if (link is not JsonObject fields)
            {
                Add(path, link, "an object with url");
                return;
            }

            Rule(fields, path, "url", FieldRules.IsLinkUrl, "an absolute URL");
            foreach (var name in (string[])["title", "icon", "type"])
            {
                Optional(fields, path, name, text => text.Length > 0, "a non-empty string");
            }
        });
    }

    private void Kind(JsonObject entity, string apiVersion, string name)
    {
        var kind = EntityKinds.Find(name);
        if (kind is null && apiVersion.StartsWith("backstage.io/", StringComparison.Ordinal))
        {
            Add("kind", entity["kind"], $"{string.Join(", ", EntityKinds.Names)}, or another kind under an apiVersion of its own");
            return;
        }

        if (kind is not null && kind.Name != name)
        {
            Add("kind", entity["kind"], kind.Name);
            return;
        }

        if (kind is not null && !kind.ApiVersions.Contains(apiVersion))
        {
            Add("apiVersion", entity["apiVersion"], string.Join(" or ", kind.ApiVersions));
            return;
        }

        if (entity["spec"] is not JsonObject spec)
        {
            Add("spec", entity["spec"], "an object");
            return;
        }

        var ns = EntityJson.Namespace(entity);
        foreach (var field in EntityKinds.Of(name).Fields)
        {
            Spec(spec, field, ns);
        }
    }

    private void Spec(JsonObject spec, SpecField field, string ns)
    {
        var path = $"spec.{field.Name}";
        if (!spec.TryGetPropertyValue(field.Name, out var value))
        {
            if (field.Required)
            {
                Add(path, null, Allowed(field));
            }

            return;
        }

        switch (field.Type)
        {
            case FieldType.Text when EntityJson.Text(value) is not { Length: > 0 }:
            case FieldType.Reference when !IsReference(value, field, ns):
            case FieldType.Presence when EntityJson.Text(value) is not ("required" or "optional"):
            case FieldType.Profile when value is not JsonObject:
                Add(path, value, Allowed(field));
                break;
            case FieldType.TextList:
                Each(spec, "spec", field.Name, (at, item) => Check(at, item, EntityJson.Text(item) is { Length: > 0 }, "a non-empty string"));
                break;
            case FieldType.ReferenceList:
                Each(spec, "spec", field.Name, (at, item) => Check(at, item, IsReference(item, field, ns), Allowed(field with { Type = FieldType.Reference })));
                break;
            case FieldType.Steps:
                Each(spec, "spec", field.Name, (at, item) => Check($"{at}.action", item?.GetValueKind() == JsonValueKind.Object ? item["action"] : item,
                    item is JsonObject step && EntityJson.Text(step["action"]) is { Length: > 0 }, "the id of an action"));
                break;
            case FieldType.Profile:
                foreach (var name in (string[])["displayName", "email", "picture"])
                {
                    Optional((JsonObject)value!, path, name, text => text.Length > 0, "a non-empty string");
                }

                break;
        }
    }

    private static bool IsReference(JsonNode? value, SpecField field, string ns) => EntityRef.TryParse(EntityJson.Text(value), out _, field.DefaultKind, ns);

    private static string Allowed(SpecField field) => field.Type switch
    {
        FieldType.Reference => field.DefaultKind is null ? "an entity reference with its kind, <kind>:[<namespace>/]<name>" : "an entity reference, [<kind>:][<namespace>/]<name>",
        FieldType.ReferenceList => "a list of entity references (it may be empty)",
        FieldType.TextList => "a list of strings",
        FieldType.Presence => "\"required\" or \"optional\"",
        FieldType.Profile => "an object",
        FieldType.Steps => "a list of steps",
        _ => "a non-empty string",
    };

    private string? Rule(JsonObject parent, string path, string name, Func<string, bool> rule, string allowed)
    {
        var text = EntityJson.Text(parent[name]);
        if (text is not null && rule(text))
        {
            return text;
        }

        Add(path.Length == 0 ? name : $"{path}.{name}", parent[name], allowed);
        return null;
    }

    private void Optional(JsonObject parent, string path, string name, Func<string, bool> rule, string allowed)
    {
        if (parent.ContainsKey(name))
        {
            Rule(parent, path, name, rule, allowed);
        }
    }

    private void Map(JsonObject metadata, string name, Func<string, bool> rule, string allowed)
    {
        if (!metadata.TryGetPropertyValue(name, out var map))
        {
            return;
        }

        if (map is not JsonObject entries)
        {
            Add($"metadata.{name}", map, "an object of strings");
            return;
        }

        foreach (var (key, value) in entries)
        {
            if (!FieldRules.IsKey(key))
            {
                _problems.Add(new EntityProblem($"metadata.{name}.{key}", $"\"metadata.{name}\" has an invalid key: found \"{key}\"; allowed: [prefix/]name, prefix a lower-case DNS name, name {FieldRules.NameRule}"));
            }

            Check($"metadata.{name}.{key}", value, EntityJson.Text(value) is { } text && rule(text), allowed);
        }
    }

    private void Each(JsonObject parent, string path, string name, Action<string, JsonNode?> check)
    {
        if (!parent.TryGetPropertyValue(name, out var node))
        {
            return;
        }

        if (node is not JsonArray list)
        {
            Add($"{path}.{name}", node, "a list");
            return;
        }

        for (var i = 0; i < list.Count; i++)
        {
            check($"{path}.{name}.{i}", list[i]);
        }
    }

    private void Check(string path, JsonNode? found, bool ok, string allowed)
    {
        if (!ok)
        {
            Add(path, found, allowed);
        }
    }

    private void Add(string path, JsonNode? found, string allowed)
    {
        var shown = found is null ? "nothing" : EntityJson.Text(found) is { } text ? $"\"{text}\"" : EntityJson.Write(found);
        _problems.Add(new EntityProblem(path, $"\"{path}\" is not valid: found {(shown.Length > 100 ? shown[..100] + "…" : shown)}; allowed: {allowed}"));
    }
}
