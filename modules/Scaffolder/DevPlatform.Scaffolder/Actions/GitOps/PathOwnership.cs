using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Errors;
using LibGit2Sharp;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DevPlatform.Scaffolder.Actions.GitOps;

/// <summary>
/// Whose a path of the GitOps repository is: the entity of the nearest catalog-info.yaml at or above it. What belongs to one entity is not
/// overwritten by another's task.
/// </summary>
internal static class PathOwnership
{
    private const string CatalogInfo = "catalog-info.yaml";

    /// <exception cref="ConflictException">A path belongs to another entity, or exists and belongs to none.</exception>
    public static void Require(Tree? tip, string targetPath, IEnumerable<string> paths, string? entityRef)
    {
        if (tip is null)
        {
            return;
        }

        if (OwnerOf(tip, targetPath) is { } owner && owner != entityRef)
        {
            throw new ConflictException(
                $"\"targetPath\" is not valid: found \"{targetPath}\", which belongs to {owner}; allowed: a path that no other entity owns (this is for {entityRef ?? "no entity"})");
        }

        foreach (var path in paths)
        {
            if (tip[path] is not null && OwnerOf(tip, Parent(path)) != entityRef)
            {
                throw new ConflictException(
                    $"\"targetPath\" is not valid: \"{path}\" exists and does not belong to {entityRef ?? "this task"}; allowed: new paths, or those of the same entity");
            }
        }
    }

    /// <summary>The first entity of a catalog-info.yaml; null when it holds none.</summary>
    public static string? EntityOf(string yaml)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            foreach (var root in stream.Documents.Select(d => d.RootNode).OfType<YamlMappingNode>())
            {
                if (Text(root, "kind") is { } kind && Child(root, "metadata") is YamlMappingNode metadata && Text(metadata, "name") is { } name)
                {
                    return new EntityRef(kind, Text(metadata, "namespace") ?? EntityRef.DefaultNamespace, name).ToString();
                }
            }

            return null;
        }
        catch (YamlException)
        {
            return null;
        }
    }

    private static string? OwnerOf(Tree tip, string directory)
    {
        for (var at = directory; at.Length > 0; at = Parent(at))
        {
            if (tip[$"{at}/{CatalogInfo}"]?.Target is Blob blob)
            {
                return EntityOf(blob.GetContentText());
            }
        }

        return null;
    }

    private static string Parent(string path) => path.LastIndexOf('/') is var slash && slash > 0 ? path[..slash] : "";

    private static string? Text(YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
