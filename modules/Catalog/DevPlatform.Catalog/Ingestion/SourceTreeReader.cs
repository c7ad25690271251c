using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>
/// Follows a root location to everything it leads to: files, their entities, the targets of Location entities among them. Whatever is bad
/// becomes an issue and the rest goes on.
/// </summary>
public sealed class SourceTreeReader(SourceReader reader, IOptions<CatalogOptions> options)
{
    private const int MaxDepth = 10;
    private const int Parallelism = 8;

    private static readonly YamlLimits Limits = new();

    /// <summary>Reads a registered or configured location.</summary>
    internal Task<SourceTree> ReadLocationAsync(string type, string target, CancellationToken cancellationToken) =>
        ReadAsync(new ReadSession(), [(type, target)], cancellationToken);

    /// <summary>Reads every catalog file of a repository's default branch.</summary>
    internal async Task<SourceTree> ReadRepositoryAsync(string cloneUrl, CancellationToken cancellationToken)
    {
        var session = new ReadSession();
        var settings = options.Value.Git;
        var snapshot = await reader.SnapshotAsync(cloneUrl, null, session, cancellationToken);
        // Files are read by the branch's name; the same commit serves them.
        session.Snapshots[(GitUrl.ForFile(cloneUrl, snapshot.Reference, "").CloneUrl, snapshot.Reference)] = new Lazy<Task<GitSnapshot>>(Task.FromResult(snapshot));
        var files = snapshot.List()
            .Where(file => !file.IsSymbolicLink && Path.GetFileName(file.Path) == settings.FileName && !file.Path.Split('/').Any(settings.ExcludedDirectories.Contains))
            .Select(file => ("url", GitUrl.ForFile(cloneUrl, snapshot.Reference, file.Path).ToString()));
        var tree = await ReadAsync(session, [.. files], cancellationToken);
        return tree;
    }

    private async Task<SourceTree> ReadAsync(ReadSession session, IReadOnlyList<(string Type, string Target)> roots, CancellationToken cancellationToken)
    {
        var tree = new SourceTree();
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var complete = true;
        var level = new List<FileToRead>();
        foreach (var (type, target) in roots)
        {
            var origin = $"{type}:{target}";
            var location = Provenance.LocationEntity(type, target);
            Provenance.Annotate(location, type, target, origin);
            var entity = new SourceEntity(EntityJson.Ref(location), location, null, origin);
            Accept(tree, seen, entity);
            level.Add(new FileToRead(entity.Ref, type, target, origin, Optional: false));
        }

        var visited = new HashSet<string>(StringComparer.Ordinal);
        for (var depth = 0; level.Count > 0; depth++)
        {
            level = [.. level.Where(file => visited.Add(file.Location))];
            if (depth >= MaxDepth || visited.Count > options.Value.MaxFilesPerLocation)
            {
                var bound = depth >= MaxDepth ? $"{MaxDepth} levels of Locations" : $"{options.Value.MaxFilesPerLocation} files";
                tree.Issues.AddRange(level.Select(file => new SourceIssue(null, file.ParentRef, "InputError", $"{file.Target} is not read: more than {bound}")));
                tree.UnreadLocations.UnionWith(level.Select(file => file.Location));
                break;
            }

            var results = new FileContent[level.Count];
            await Parallel.ForEachAsync(
                Enumerable.Range(0, level.Count),
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (i, token) => results[i] = await ReadFileAsync(level[i], session, token));
            var next = new List<FileToRead>();
            foreach (var (file, content) in level.Zip(results))
            {
                complete &= content.Complete;
                tree.Issues.AddRange(content.Issues);
                if (content.Unread)
                {
                    tree.UnreadLocations.Add(file.Location);
                }

                foreach (var entity in content.Entities.Where(entity => Accept(tree, seen, entity)))
                {
                    next.AddRange(Targets(file, entity, tree));
                }
            }

            level = next;
        }

        tree.Dependencies = complete ? session.Dependencies : null;
        return tree;
    }

    private static bool Accept(SourceTree tree, Dictionary<string, string> seen, SourceEntity entity)
    {
        if (seen.TryAdd(entity.Ref, entity.Location))
        {
            tree.Entities.Add(entity);
            return true;
        }

        if (entity.ParentRef is not null)
        {
            tree.Issues.Add(new SourceIssue(null, entity.ParentRef, "ConflictError", $"{entity.Location[(entity.Location.IndexOf(':', StringComparison.Ordinal) + 1)..]}: {entity.Ref} is already defined in {seen[entity.Ref]}"));
        }

        return false;
    }

    private async Task<FileContent> ReadFileAsync(FileToRead file, ReadSession session, CancellationToken cancellationToken)
    {
        var content = new FileContent();
        string text;
        try
        {
            text = await reader.ReadTextAsync(file.Type, file.Target, session, cancellationToken);
        }
        catch (NotFoundException) when (file.Optional)
        {
            return content;
        }
        catch (PlatformException e)
        {
            content.Issues.Add(new SourceIssue(null, file.ParentRef, e.Name, e.Message.Contains(file.Target, StringComparison.Ordinal) ? e.Message : $"{file.Target}: {e.Message}"));
            content.Unread = true;
            content.Complete = e is not ServiceUnavailableException;
            return content;
        }

        foreach (var document in YamlDocuments.Parse(text, Limits))
        {
            if (document.Error is not null)
            {
                content.Unread = true;
                content.Issues.Add(new SourceIssue(null, file.ParentRef, "InputError", $"{file.Target}:{document.ErrorLine}: {document.Error}"));
            }
            else
            {
                await AddEntityAsync(file, text, document, content, session, cancellationToken);
            }
        }

        return content;
    }

    private async Task AddEntityAsync(FileToRead file, string text, YamlDocument document, FileContent content, ReadSession session, CancellationToken cancellationToken)
    {
        try
        {
            if (document.Node is JsonObject candidate)
            {
                await Placeholders.ResolveAsync(
                    candidate, path => reader.ReadTextAsync(file.Type, Provenance.Resolve(file.Type, file.Target, path), session, cancellationToken), Limits);
            }
        }
        catch (PlatformException e)
        {
            content.Complete &= e is not ServiceUnavailableException;
            content.Issues.Add(new SourceIssue(EntityJson.TryRef(document.Node), file.ParentRef, e.Name, $"{file.Target}:{document.Line}: {e.Message}"));
            return;
        }

        var problems = EntityValidator.Validate(document.Node);
        if (problems.Count > 0)
        {
            content.Unread |= EntityJson.TryRef(document.Node) is null;
            content.Issues.AddRange(problems.Select(problem => new SourceIssue(
                EntityJson.TryRef(document.Node), file.ParentRef, "InputError", $"{file.Target}:{YamlDocuments.LineOf(text, document, problem.Path, Limits)}: {problem.Message}")));
            return;
        }

        var entity = (JsonObject)document.Node!;
        Provenance.Annotate(entity, file.Type, file.Target, file.Origin);
        SortReferences(entity);
        content.Entities.Add(new SourceEntity(EntityJson.Ref(entity), entity, file.ParentRef, file.Location));
    }

    // Their order means nothing, so that a change of order is no change.
    private static void SortReferences(JsonObject entity)
    {
        var spec = (JsonObject)entity["spec"]!;
        foreach (var field in EntityKinds.Of(EntityJson.Kind(entity)).Fields.Where(field => field.Type == FieldType.ReferenceList))
        {
            if (spec[field.Name] is JsonArray list)
            {
                spec[field.Name] = new JsonArray([.. list.Select(EntityJson.Text).Order(StringComparer.Ordinal).Select(text => (JsonNode?)JsonValue.Create(text))]);
            }
        }
    }

    private static IEnumerable<FileToRead> Targets(FileToRead file, SourceEntity location, SourceTree tree)
    {
        if (EntityJson.Kind(location.Entity) != "Location" || location.Entity["spec"] is not JsonObject spec)
        {
            yield break;
        }

        var type = EntityJson.Text(spec["type"]) ?? file.Type;
        var optional = EntityJson.Text(spec["presence"]) == "optional";
        var targets = (spec["targets"] as JsonArray ?? []).Prepend(spec["target"]).Select(EntityJson.Text).OfType<string>();
        foreach (var target in targets)
        {
            string? resolved = null;
            try
            {
                // Only what configuration says may read this machine's files.
                resolved = type == "file" && file.Type != "file"
                    ? throw InputException.For("spec.type", type, "url")
                    : Provenance.Resolve(type, file.Target, target);
            }
            catch (PlatformException e)
            {
                tree.Issues.Add(new SourceIssue(null, location.Ref, e.Name, $"{file.Target}: {e.Message}"));
            }

            if (resolved is not null)
            {
                yield return new FileToRead(location.Ref, type, resolved, file.Origin, optional);
            }
        }
    }

    private sealed record FileToRead(string ParentRef, string Type, string Target, string Origin, bool Optional)
    {
        public string Location => $"{Type}:{Target}";
    }

    private sealed class FileContent
    {
        public List<SourceEntity> Entities { get; } = [];

        public List<SourceIssue> Issues { get; } = [];

        public bool Unread { get; set; }

        public bool Complete { get; set; } = true;
    }
}
