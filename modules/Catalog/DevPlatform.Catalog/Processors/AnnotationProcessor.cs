using System.Text.Json.Nodes;
using DevPlatform.Catalog.Ingestion;

namespace DevPlatform.Catalog.Processors;

/// <summary>Says in annotations where the entity comes from.</summary>
internal sealed class AnnotationProcessor : IEntityProcessor
{
    public ValueTask PostProcessAsync(JsonObject entity, ProcessingContext context, CancellationToken cancellationToken)
    {
        Provenance.Annotate(entity, context.Type, context.Target, context.Origin);
        return ValueTask.CompletedTask;
    }
}
