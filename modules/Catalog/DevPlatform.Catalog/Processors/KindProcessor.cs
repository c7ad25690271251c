using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;

namespace DevPlatform.Catalog.Processors;

/// <summary>The rules of the envelope and of the built-in kinds. References that form a set are sorted, so that a change of order is no change.</summary>
internal sealed class KindProcessor : IEntityProcessor
{
    public IEnumerable<EntityProblem> Validate(JsonObject entity) => EntityValidator.Validate(entity);

    public ValueTask PostProcessAsync(JsonObject entity, ProcessingContext context, CancellationToken cancellationToken)
    {
        var spec = (JsonObject)entity["spec"]!;
        foreach (var field in EntityKinds.Of(EntityJson.Kind(entity)).Fields.Where(field => field.Type == FieldType.ReferenceList))
        {
            if (spec[field.Name] is JsonArray list)
            {
                spec[field.Name] = new JsonArray([.. list.Select(EntityJson.Text).Order(StringComparer.Ordinal).Select(text => (JsonNode?)JsonValue.Create(text))]);
            }
        }

        return ValueTask.CompletedTask;
    }
}
