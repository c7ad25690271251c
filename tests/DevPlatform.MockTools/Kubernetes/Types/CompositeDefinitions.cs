using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Kubernetes.Types;

/// <summary>
/// The CustomResourceDefinitions that Crossplane makes from a CompositeResourceDefinition: the composite resource's and the claim's, the
/// author's schema with Crossplane's fields added. Done where the definition is stored, so that a cluster without the controller has the kinds.
/// </summary>
internal static class CompositeDefinitions
{
    private const string Common = """
        compositionRef: { type: object, required: [name], properties: { name: { type: string } } }
        compositionSelector: { type: object, required: [matchLabels], properties: { matchLabels: { type: object, additionalProperties: { type: string } } } }
        compositionRevisionRef: { type: object, required: [name], properties: { name: { type: string } } }
        compositionRevisionSelector: { type: object, required: [matchLabels], properties: { matchLabels: { type: object, additionalProperties: { type: string } } } }
        compositionUpdatePolicy: { type: string, enum: [Automatic, Manual] }
        """;

    private const string Claim = """
        compositeDeletePolicy: { type: string, enum: [Background, Foreground], default: Background }
        resourceRef: { type: object, required: [apiVersion, kind, name], properties: { apiVersion: { type: string }, kind: { type: string }, name: { type: string } } }
        writeConnectionSecretToRef: { type: object, required: [name], properties: { name: { type: string } } }
        """;

    private const string Composite = """
        claimRef: { type: object, required: [apiVersion, kind, namespace, name], properties: { apiVersion: { type: string }, kind: { type: string }, namespace: { type: string }, name: { type: string } } }
        resourceRefs: { type: array, items: { type: object, required: [apiVersion, kind], properties: { apiVersion: { type: string }, kind: { type: string }, namespace: { type: string }, name: { type: string } } } }
        writeConnectionSecretToRef: { type: object, required: [name, namespace], properties: { name: { type: string }, namespace: { type: string } } }
        """;

    private const string Status = """
        conditions: { type: array, items: { type: object, required: [type, status, reason, lastTransitionTime], properties: { type: { type: string }, status: { type: string }, reason: { type: string }, message: { type: string }, lastTransitionTime: { type: string }, observedGeneration: { type: integer } } } }
        connectionDetails: { type: object, properties: { lastPublishedTime: { type: string } } }
        """;

    public static IEnumerable<JsonObject> Expand(JsonObject definition)
    {
        var spec = (JsonObject)definition["spec"]!;
        yield return Definition(definition, (JsonObject)spec["names"]!, namespaced: false, "composite", Composite);
        if (spec["claimNames"] is JsonObject claimNames)
        {
            yield return Definition(definition, claimNames, namespaced: true, "claim", Claim);
        }
    }

    private static JsonObject Definition(JsonObject source, JsonObject names, bool namespaced, string category, string fields)
    {
        var group = source.Text("spec", "group")!;
        var full = names.Copy();
        var kind = names.Text("kind")!;
        full["listKind"] ??= kind + "List";
        full["singular"] ??= kind.ToLowerInvariant();
        full["categories"] ??= new JsonArray("crossplane", category);
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{names.Text("plural")}.{group}",
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = source.Text("apiVersion"),
                    ["kind"] = "CompositeResourceDefinition",
                    ["name"] = source.Text("metadata", "name"),
                    ["uid"] = source.Text("metadata", "uid"),
                    ["controller"] = true,
                    ["blockOwnerDeletion"] = true,
                }),
            },
            ["spec"] = new JsonObject
            {
                ["group"] = group,
                ["names"] = full,
                ["scope"] = namespaced ? "Namespaced" : "Cluster",
                ["versions"] = new JsonArray([.. source.Objects("spec", "versions").Select((v, i) => Version(v, storage: i == 0, fields))]),
            },
        };
    }

    private static JsonObject Version(JsonObject version, bool storage, string fields)
    {
        var schema = (version.At("schema", "openAPIV3Schema") as JsonObject)?.Copy() ?? new JsonObject { ["type"] = "object" };
        Add(schema.Child("properties", "spec"), Common + "\n" + fields);
        Add(schema.Child("properties", "status"), Status);
        return new JsonObject
        {
            ["name"] = version.Text("name"),
            ["served"] = version["served"]?.GetValue<bool>() ?? true,
            ["storage"] = storage,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema },
            ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
            ["additionalPrinterColumns"] = version["additionalPrinterColumns"]?.DeepClone(),
        };
    }

    private static void Add(JsonObject schema, string fields)
    {
        schema["type"] ??= "object";
        var properties = schema.Child("properties");
        foreach (var (name, field) in (JsonObject)YamlDocuments.Parse(fields)[0]!)
        {
            properties[name] = field?.DeepClone();
        }
    }
}
