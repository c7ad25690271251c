using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;

namespace DevPlatform.Catalog.TechDocs.Sources;

/// <summary>Where an entity's documentation is written: a directory of the entity's own repository (INV-8).</summary>
/// <param name="EntityRef">The entity, lower case.</param>
/// <param name="CloneUrl">The repository.</param>
/// <param name="Reference">Branch, tag or commit; null for the default branch.</param>
/// <param name="Directory">The directory that holds <c>mkdocs.yml</c>, from the repository's root; "" for the root.</param>
/// <param name="Url">Web address of that directory.</param>
internal sealed record DocsSource(string EntityRef, string CloneUrl, string? Reference, string Directory, GitUrl Url)
{
    public const string RefAnnotation = "backstage.io/techdocs-ref";
    public const string EntityAnnotation = "backstage.io/techdocs-entity";

    /// <summary>Equal keys: the same place.</summary>
    public string Key => $"{CloneUrl}#{Reference}#{Directory}";

    /// <summary>Reads the annotation <c>backstage.io/techdocs-ref</c>: <c>dir:&lt;path from the entity's file&gt;</c> or <c>url:&lt;address&gt;</c>.</summary>
    /// <exception cref="NotFoundException">The entity has no documentation.</exception>
    /// <exception cref="InputException">The annotation leads out of the entity's repository, or the entity is in none.</exception>
    public static DocsSource Of(JsonObject entity)
    {
        var entityRef = EntityJson.Ref(entity);
        var annotations = entity["metadata"]?["annotations"];
        var annotation = EntityJson.Text(annotations?[RefAnnotation])
            ?? throw new NotFoundException($"{entityRef} has no annotation {RefAnnotation}");
        var (type, target) = annotation.Split(':', 2) is [var kind, var rest] ? (kind, rest) : ("", annotation);
        if (type is not ("dir" or "url") || target.Length == 0)
        {
            throw InputException.For(RefAnnotation, annotation, "dir:<path>, or url:<address> in the entity's own repository");
        }

        // Set by ingestion; what authors write there is not kept.
        var location = EntityJson.Text(annotations?[EntityJson.ManagedByLocation]) ?? "";
        if (!location.StartsWith("url:", StringComparison.Ordinal) || !GitUrl.TryParse(location[4..], out var file))
        {
            throw new InputException($"{entityRef} comes from {location}, which is in no Git repository; documentation is built from the entity's own repository only");
        }

        if (!GitUrl.TryParse(file.Resolve(target), out var directory) || Repository(directory) != Repository(file))
        {
            throw new InputException($"{RefAnnotation} \"{annotation}\" of {entityRef} leads out of {Repository(file)}; documentation is built from the entity's own repository only");
        }

        return new DocsSource(entityRef, Repository(file), directory.Reference, directory.Path, directory);
    }

    /// <summary>Web address of a file of the repository.</summary>
    public GitUrl FileUrl(string path) => GitUrl.TryParse(Url.Resolve("/" + path), out var url) ? url : GitUrl.ForFile(CloneUrl, Reference ?? "HEAD", path);

    private static string Repository(GitUrl url) => GitAccess.Canonical(url.CloneUrl);
}
