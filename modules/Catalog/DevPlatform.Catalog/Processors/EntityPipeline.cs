using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;

namespace DevPlatform.Catalog.Processors;

/// <summary>Runs the processors over one entity.</summary>
public sealed class EntityPipeline(IEnumerable<IEntityProcessor> processors)
{
    // More would help nobody, and an entity can break as many rules as it has fields.
    private const int MaxProblems = 20;

    private readonly IEntityProcessor[] _processors = [.. processors];

    /// <summary>The rules that the entity breaks; with none, it is ready to be stored.</summary>
    internal async Task<IReadOnlyList<EntityProblem>> RunAsync(JsonNode? node, ProcessingContext context, CancellationToken cancellationToken)
    {
        if (node is not JsonObject entity)
        {
            return EntityValidator.Validate(node);
        }

        foreach (var processor in _processors)
        {
            await processor.PreProcessAsync(entity, context, cancellationToken);
        }

        var problems = Validate(entity);
        if (problems.Count == 0)
        {
            foreach (var processor in _processors)
            {
                await processor.PostProcessAsync(entity, context, cancellationToken);
            }
        }

        return problems;
    }

    /// <summary>The rules that an entity breaks as it is.</summary>
    internal IReadOnlyList<EntityProblem> Validate(JsonObject entity) => [.. _processors.SelectMany(processor => processor.Validate(entity)).Take(MaxProblems)];
}
