using System.Text.Json;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;

namespace DevPlatform.Catalog.Graph;

/// <summary>An entity of a graph.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Depth">Fewest steps from the start.</param>
internal sealed record GraphNode(IndexedEntity Entity, int Depth);

/// <summary>The entities around one, nearest first, and how they are related.</summary>
/// <param name="Nodes">The start, then others.</param>
/// <param name="Edges">Relations between nodes, once each, as the entity that declares such a relation has it.</param>
/// <param name="IsTruncated">Whether the limit left out entities that are near enough.</param>
internal sealed record EntityGraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyCollection<Relation> Edges, bool IsTruncated)
{
    /// <summary>
    /// Walks from an entity along its relations. What the caller may not see is neither answered nor walked through, so that nothing tells it from
    /// what does not exist.
    /// </summary>
    /// <returns>Null when the caller sees no such entity.</returns>
    public static EntityGraph? Around(EntityIndex.EntityView view, GraphQuery query, EntityFilter? visible)
    {
        if (view.Find(query.Start) is not { } start || !view.Matches(start, visible))
        {
            return null;
        }

        var nodes = new List<GraphNode> { new(start, 0) };
        var reached = new HashSet<string>(StringComparer.Ordinal) { start.Ref };
        var steps = new List<Relation>();
        var truncated = false;
        for (var i = 0; i < nodes.Count; i++)
        {
            var (entity, depth) = nodes[i];
            foreach (var step in Read(entity).Where(step => query.Followed.Contains(step.Type)))
            {
                steps.Add(step);
                if (depth == query.Depth || reached.Contains(step.Target) || view.Find(step.Target) is not { } next || !view.Matches(next, visible))
                {
                    continue;
                }

                if (nodes.Count == query.Limit)
                {
                    truncated = true;
                    continue;
                }

                reached.Add(next.Ref);
                nodes.Add(new GraphNode(next, depth + 1));
            }
        }

        return new EntityGraph(nodes, steps.Where(step => reached.Contains(step.Target)).Select(AsDeclared).ToHashSet(), truncated);
    }

    private static Relation AsDeclared(Relation step) =>
        EntityKinds.RelationPairs.Any(pair => pair.Forward == step.Type) ? step : new Relation(step.Target, EntityKinds.Inverse(step.Type), step.Origin);

    private static List<Relation> Read(IndexedEntity entity)
    {
        var reader = new Utf8JsonReader(entity.Json);
        reader.Read();
        var relations = new List<Relation>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRelations = reader.ValueTextEquals("relations"u8);
            reader.Read();
            if (!isRelations)
            {
                reader.Skip();
                continue;
            }

            using var list = JsonDocument.ParseValue(ref reader);
            relations.AddRange(list.RootElement.EnumerateArray()
                .Select(relation => new Relation(entity.Ref, relation.GetProperty("type").GetString()!, relation.GetProperty("targetRef").GetString()!)));
        }

        return relations;
    }
}
