using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Types;

namespace DevPlatform.MockTools.Kubernetes.Objects;

/// <summary>What the API server does to every object it is given: names, system fields, schema, generation.</summary>
internal static partial class ObjectRules
{
    private static readonly string[] SystemFields = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion"];

    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");

    /// <summary>Checks that body and address speak of the same object and fills in what the address says.</summary>
    public static void Match(ResourceType type, string @namespace, string? name, JsonObject body)
    {
        if (body.Text("apiVersion") is { } apiVersion && apiVersion != type.ApiVersion)
        {
            throw KubernetesException.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({type.ApiVersion})");
        }

        if (body.Text("kind") is { } kind && kind != type.Kind)
        {
            throw KubernetesException.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {kind}: the kind in the data does not match the address");
        }

        body["apiVersion"] = type.ApiVersion;
        body["kind"] = type.Kind;
        var metadata = body.Child("metadata");
        if (metadata.Text("namespace") is { Length: > 0 } given && given != @namespace)
        {
            throw KubernetesException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (type.Namespaced)
        {
            metadata["namespace"] = @namespace;
        }
        else
        {
            metadata.Remove("namespace");
        }

        if (name is not null && metadata.Text("name") is { Length: > 0 } found && found != name)
        {
            throw KubernetesException.BadRequest($"the name of the object ({found}) does not match the name on the URL ({name})");
        }

        if (name is not null)
        {
            metadata["name"] = name;
        }
    }

    /// <summary>Prunes, defaults and validates; returns the names of unknown fields that were dropped.</summary>
    public static IReadOnlyList<string> Check(ResourceType type, JsonObject body, string fieldValidation)
    {
        var name = body.Text("metadata", "name") ?? "";
        var errors = new List<FieldError>();
        if (name.Length is 0 or > 253 || !Name().IsMatch(name))
        {
            errors.Add(name.Length == 0
                ? new FieldError("metadata.name", "FieldValueRequired", "Required value: name or generateName is required")
                : FieldError.Invalid("metadata.name", name, "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"));
        }

        foreach (var (key, value) in body.At("metadata", "labels") as JsonObject ?? [])
        {
            if (body.Text("metadata", "labels", key) is not { Length: <= 63 } text || !Label().IsMatch(text))
            {
                errors.Add(FieldError.Invalid("metadata.labels", value, "a valid label must be an empty string or consist of at most 63 alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"));
            }
        }

        IReadOnlyList<string> unknown = [];
        if (type.Schema is { } schema)
        {
            unknown = SchemaRules.Prune(body, schema);
            if (unknown.Count > 0 && fieldValidation == "Strict")
            {
                throw KubernetesException.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: strict decoding error: {string.Join(", ", unknown.Select(u => $"unknown field \"{u}\""))}");
            }

            SchemaRules.Default(body, schema);
            errors.AddRange(SchemaRules.Validate(body, schema));
        }

        return errors.Count == 0 ? unknown : throw KubernetesException.Invalid(type, name, errors);
    }

    /// <summary>Gives a new object its identity.</summary>
    public static void Begin(ResourceType type, JsonObject body, DateTimeOffset now)
    {
        var metadata = body.Child("metadata");
        foreach (var field in SystemFields)
        {
            metadata.Remove(field);
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Timestamp(now);
        metadata["generation"] = 1L;
        if (type.HasStatus)
        {
            body.Remove("status");
        }

        if (type is { Group: "", Kind: "Namespace" })
        {
            body.Child("metadata", "labels")["kubernetes.io/metadata.name"] = metadata.Text("name");
            body["status"] = new JsonObject { ["phase"] = "Active" };
        }

        if (type is { Group: "", Kind: "Secret" } && body["stringData"] is JsonObject plain)
        {
            foreach (var (key, value) in plain)
            {
                body.Child("data")[key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value!.GetValue<string>()));
            }

            body.Remove("stringData");
        }
    }

    /// <summary>Keeps in a replacement what only the server sets, and counts the generation.</summary>
    public static void Continue(ResourceType type, JsonObject stored, JsonObject body, bool statusOnly)
    {
        if (statusOnly)
        {
            var status = body["status"]?.DeepClone();
            foreach (var name in body.Select(p => p.Key).ToArray())
            {
                body.Remove(name);
            }

            foreach (var (name, value) in stored)
            {
                body[name] = name == "status" ? null : value?.DeepClone();
            }

            SetOrRemove(body, "status", status);
            return;
        }

        foreach (var field in SystemFields)
        {
            SetOrRemove(body.Child("metadata"), field, stored.At("metadata", field)?.DeepClone());
        }

        if (type.HasStatus)
        {
            SetOrRemove(body, "status", stored["status"]?.DeepClone());
        }

        if (!JsonNode.DeepEquals(Substance(type, stored), Substance(type, body)))
        {
            body.Child("metadata")["generation"] = (stored.At("metadata", "generation")?.GetValue<long>() ?? 0) + 1;
        }
    }

    private static JsonObject Substance(ResourceType type, JsonObject source)
    {
        var substance = source.Copy();
        substance.Remove("metadata");
        if (type.HasStatus)
        {
            substance.Remove("status");
        }

        return substance;
    }

    private static void SetOrRemove(JsonObject target, string name, JsonNode? value)
    {
        target.Remove(name);
        if (value is not null)
        {
            target[name] = value;
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}
