using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;

namespace DevPlatform.Catalog.Entities;

/// <summary>A relation as the entity that declares it sees it; the other end sees <see cref="EntityKinds.Inverse"/>.</summary>
/// <param name="Origin">Ref of the declaring entity.</param>
/// <param name="Type"><c>ownedBy</c>, <c>partOf</c>, …</param>
/// <param name="Target">Ref of the other end; it need not exist.</param>
internal readonly record struct Relation(string Origin, string Type, string Target);

/// <summary>Derives relations from an entity's <c>spec</c>.</summary>
internal static class Relations
{
    public static IReadOnlyList<Relation> Of(JsonObject entity)
    {
        var origin = EntityJson.Ref(entity);
        var ns = EntityJson.Namespace(entity);
        var relations = new HashSet<Relation>();
        if (entity["spec"] is not JsonObject spec)
        {
            return [];
        }

        foreach (var field in EntityKinds.Of(EntityJson.Kind(entity)).Fields)
        {
            if (field.Relation is null)
            {
                continue;
            }

            foreach (var text in Values(spec[field.Name]))
            {
                if (EntityRef.TryParse(text, out var target, field.DefaultKind, ns))
                {
                    relations.Add(new Relation(origin, field.Relation, target.ToString()));
                }
            }
        }

        return [.. relations];
    }

    private static IEnumerable<string> Values(JsonNode? node) => node switch
    {
        JsonArray array => array.Select(EntityJson.Text).OfType<string>(),
        _ => EntityJson.Text(node) is { } text ? [text] : [],
    };
}
