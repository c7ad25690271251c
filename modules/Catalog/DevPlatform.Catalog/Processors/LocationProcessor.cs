using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;

namespace DevPlatform.Catalog.Processors;

/// <summary>Has the targets of Location entities read.</summary>
internal sealed class LocationProcessor : IEntityProcessor
{
    public ValueTask PostProcessAsync(JsonObject entity, ProcessingContext context, CancellationToken cancellationToken)
    {
        if (EntityJson.Kind(entity) != "Location" || entity["spec"] is not JsonObject spec || !context.IsFile)
        {
            return ValueTask.CompletedTask;
        }

        var type = EntityJson.Text(spec["type"]);
        var optional = EntityJson.Text(spec["presence"]) == "optional";
        Follow(spec["target"], "spec.target");
        var targets = spec["targets"] as JsonArray ?? [];
        for (var i = 0; i < targets.Count; i++)
        {
            Follow(targets[i], $"spec.targets.{i}");
        }

        return ValueTask.CompletedTask;

        void Follow(JsonNode? node, string field)
        {
            if (EntityJson.Text(node) is { } target)
            {
                context.Follow(target, type, optional, field);
            }
        }
    }
}
