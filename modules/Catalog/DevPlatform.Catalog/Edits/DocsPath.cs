using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Reads;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;

namespace DevPlatform.Catalog.Edits;

/// <summary>Where an entity's documentation is in its repository: the directory of <c>backstage.io/techdocs-ref</c>, as mkdocs has it.</summary>
internal static class DocsPath
{
    private const string Reference = "backstage.io/techdocs-ref";
    private const string Configuration = "mkdocs.yml";
    private const string DefaultDirectory = "docs";

    /// <summary>The path in the repository of a documentation file; <c>mkdocs.yml</c> is beside the directory of the others.</summary>
    /// <exception cref="ConflictException">The entity has no documentation in its own repository.</exception>
    /// <exception cref="InputException">The path leads out of the documentation.</exception>
    public static string Of(IndexedEntity entity, GitUrl file, GitSnapshot snapshot, string path)
    {
        using var document = JsonDocument.Parse(entity.Json);
        var reference = document.RootElement.GetProperty("metadata").GetProperty("annotations").TryGetProperty(Reference, out var value) ? value.GetString() : null;
        if (reference?.StartsWith("dir:", StringComparison.Ordinal) != true)
        {
            throw new ConflictException($"{entity.Ref} has no documentation in its own repository: found {Reference} \"{reference}\"; allowed: dir:<path>");
        }

        // The address stays in the repository whatever the path says.
        var root = Within(file, reference[4..]);
        if (path == Configuration)
        {
            return Join(root, Configuration);
        }

        var docs = Join(root, DocsDirectory(snapshot, Join(root, Configuration)));
        var parts = path.Split('/');
        return parts.All(part => part.Length > 0 && part is not ("." or "..") && !part.Any(c => c is '\\' or '%' || char.IsControl(c)))
            ? Join(docs, path)
            : throw InputException.For("path", path, "a path below the documentation's directory");
    }

    private static string DocsDirectory(GitSnapshot snapshot, string configuration)
    {
        if (snapshot.Find(configuration) is null
            || YamlDocuments.Parse(snapshot.ReadText(configuration), new YamlLimits()) is not [{ Node: JsonObject settings }, ..] || EntityJson.Text(settings["docs_dir"]) is not { } directory)
        {
            return DefaultDirectory;
        }

        return directory.StartsWith('/') || directory.Split('/').Contains("..") ? throw InputException.For("docs_dir", directory, "a directory beside mkdocs.yml") : directory;
    }

    private static string Within(GitUrl file, string directory) =>
        GitUrl.TryParse(file.Resolve(directory.Length == 0 ? "." : directory), out var resolved) && resolved.CloneUrl == file.CloneUrl
            ? resolved.Path
            : throw InputException.For(Reference, directory, "a directory of the entity's own repository");

    private static string Join(string directory, string path) => directory.Length == 0 ? path : $"{directory.Trim('/')}/{path}";
}
