using System.Text.Json.Nodes;

namespace DevPlatform.PeerBenchmarks.Data;

/// <summary>How many relations each entity has once the whole catalog is stitched.</summary>
internal static class RelationCounts
{
    // Field of spec, kind that a bare name means.
    private static readonly (string Field, string Kind, string Type)[] Fields =
    [
        ("owner", "group", "ownedBy"), ("system", "system", "partOf"), ("domain", "domain", "partOf"), ("subcomponentOf", "component", "partOf"),
        ("parent", "group", "childOf"), ("memberOf", "group", "memberOf"), ("providesApis", "api", "providesApi"),
        ("consumesApis", "api", "consumesApi"), ("dependsOn", "component", "dependsOn"),
    ];

    public static IReadOnlyDictionary<string, int> Of(IEnumerable<JsonObject> entities)
    {
        var relations = new HashSet<(string Of, string Type, string Other)>();
        foreach (var entity in entities)
        {
            var own = RefOf(entity);
            var spec = (JsonObject)entity["spec"]!;
            foreach (var (field, kind, type) in Fields)
            {
                foreach (var target in Values(spec[field]))
                {
                    var other = target.Contains(':', StringComparison.Ordinal) ? target : $"{kind}:default/{target}";
                    relations.Add((own, type, other));
                    relations.Add((other, "inverse " + type, own));
                }
            }
        }

        return relations.GroupBy(r => r.Of).ToDictionary(g => g.Key, g => g.Count());
    }

    public static string RefOf(JsonObject entity) => $"{entity["kind"]!.GetValue<string>().ToLowerInvariant()}:default/{entity["metadata"]!["name"]!.GetValue<string>()}";

    private static IEnumerable<string> Values(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => list.Select(item => item!.GetValue<string>()),
        _ => [node.GetValue<string>()],
    };
}
