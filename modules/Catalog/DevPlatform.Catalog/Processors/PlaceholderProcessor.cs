using System.Text.Json.Nodes;
using DevPlatform.Catalog.Ingestion;

namespace DevPlatform.Catalog.Processors;

/// <summary>Replaces <c>$text</c>, <c>$json</c> and <c>$yaml</c> by what the files hold.</summary>
internal sealed class PlaceholderProcessor : IEntityProcessor
{
    private static readonly YamlLimits Limits = new();

    public async ValueTask PreProcessAsync(JsonObject entity, ProcessingContext context, CancellationToken cancellationToken) =>
        await Placeholders.ResolveAsync(entity, path => context.ReadTextAsync(path, cancellationToken), Limits);
}
