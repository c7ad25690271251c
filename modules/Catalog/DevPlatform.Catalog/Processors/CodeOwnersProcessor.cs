using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;

namespace DevPlatform.Catalog.Processors;

/// <summary>
/// Gives an entity without <c>spec.owner</c> the owner that the repository's CODEOWNERS names for its catalog file, so that it need not be said
/// twice; an entity that has neither stays without an owner and is refused (INV-7).
/// </summary>
internal sealed class CodeOwnersProcessor : IEntityProcessor
{
    private static readonly string[] Files = ["/CODEOWNERS", "/.github/CODEOWNERS", "/.gitlab/CODEOWNERS", "/docs/CODEOWNERS"];

    public async ValueTask PreProcessAsync(JsonObject entity, ProcessingContext context, CancellationToken cancellationToken)
    {
        if (entity["spec"] is not JsonObject spec || spec.ContainsKey("owner") || EntityKinds.Find(EntityJson.Kind(entity)) is not { NeedsOwner: true } || !context.IsFile
            || !GitUrl.TryParse(context.Target, out var file))
        {
            return;
        }

        foreach (var path in Files)
        {
            string text;
            try
            {
                text = await context.ReadTextAsync(path, cancellationToken);
            }
            catch (NotFoundException)
            {
                continue;
            }

            if (CodeOwners.OwnerOf(file.Path, text) is { } owner)
            {
                spec["owner"] = owner;
            }

            return;
        }
    }
}
