using System.Collections.Frozen;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Catalog.Graph;

/// <summary>Which entities around one are asked for.</summary>
/// <param name="Start">Ref of the entity in the middle.</param>
/// <param name="Depth">Most steps from it.</param>
/// <param name="Limit">Most entities to answer.</param>
/// <param name="Followed">Relations to follow, named as the entity that a step leaves has them.</param>
/// <param name="Projection">Fields of the entities; null for whole ones.</param>
internal sealed record GraphQuery(string Start, int Depth, int Limit, FrozenSet<string> Followed, EntityProjection? Projection)
{
    public const int MaxDepth = 10;
    public const int MaxLimit = 1000;
    private const int DefaultLimit = 200;

    private const string Both = "both";
    private const string Outgoing = "outgoing";
    private const string Incoming = "incoming";
    private const string Dependencies = "dependencies";
    private const string Dependents = "dependents";

    /// <summary>
    /// The relations that lead from an entity to what it needs, by what the needing end calls them: a whole needs its parts, an API what provides it.
    /// </summary>
    private static readonly string[] Needs = ["dependsOn", "consumesApi", "apiProvidedBy", "hasPart"];

    private static readonly string[] Directions = [Both, Outgoing, Incoming, Dependencies, Dependents];

    /// <exception cref="InputException">A parameter is not valid.</exception>
    public static GraphQuery Parse(IQueryCollection parameters)
    {
        var start = parameters["ref"].FirstOrDefault();
        if (!EntityRef.TryParse(start, out var parsed))
        {
            throw InputException.For("ref", start, "<kind>:<namespace>/<name>");
        }

        var direction = parameters["direction"].FirstOrDefault() ?? Both;
        if (!Directions.Contains(direction))
        {
            throw InputException.For("direction", direction, string.Join(", ", Directions));
        }

        return new GraphQuery(
            parsed.ToString(), parameters.Number("depth", 1, MaxDepth) ?? 1, parameters.Number("limit", 1, MaxLimit) ?? DefaultLimit,
            ParseRelations(parameters.List("relations"), direction), EntityProjection.Parse(parameters.List("fields")));
    }

    private static FrozenSet<string> ParseRelations(IReadOnlyList<string> names, string direction)
    {
        var allowed = EntityKinds.RelationPairs.Select(pair => (pair, Steps: Steps(pair, direction))).Where(relation => relation.Steps.Length > 0).ToList();
        var unknown = names.FirstOrDefault(name => !allowed.Exists(relation => IsNamed(relation.pair, name)));
        return unknown is null
            ? allowed.Where(relation => names.Count == 0 || names.Any(name => IsNamed(relation.pair, name))).SelectMany(relation => relation.Steps).ToFrozenSet(StringComparer.Ordinal)
            : throw InputException.For("relations", unknown, string.Join(", ", allowed.SelectMany(relation => new[] { relation.pair.Forward, relation.pair.Reverse })));
    }

    private static string[] Steps((string Forward, string Reverse) pair, string direction) => direction switch
    {
        Outgoing => [pair.Forward],
        Incoming => [pair.Reverse],
        Dependencies => [.. new[] { pair.Forward, pair.Reverse }.Where(Needs.Contains)],
        Dependents => [.. new[] { pair.Forward, pair.Reverse }.Where(name => Needs.Contains(EntityKinds.Inverse(name)))],
        _ => [pair.Forward, pair.Reverse],
    };

    private static bool IsNamed((string Forward, string Reverse) pair, string name) =>
        pair.Forward.Equals(name, StringComparison.OrdinalIgnoreCase) || pair.Reverse.Equals(name, StringComparison.OrdinalIgnoreCase);
}
