using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Processors;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>
/// Follows a root location to everything it leads to: files, their entities, the targets of Location entities among them. Whatever is bad
/// becomes an issue and the rest goes on.
/// </summary>
public sealed class SourceTreeReader(SourceReader reader, EntityPipeline pipeline, IOptions<CatalogOptions> options)
{
    private const int MaxDepth = 10;
    private const int Parallelism = 8;
    private const int MaxIssuesPerFile = 1000;

    private static readonly YamlLimits Limits = new();

    /// <summary>Reads a registered or configured location.</summary>
    internal Task<SourceTree> ReadLocationAsync(string type, string target, CancellationToken cancellationToken) =>
        ReadAsync(new ReadSession(), [(type, target)], cancellationToken);

    /// <summary>Reads every catalog file of a repository's default branch.</summary>
    internal async Task<SourceTree> ReadRepositoryAsync(string cloneUrl, GitHosting? hosting, CancellationToken cancellationToken)
    {
        var session = new ReadSession();
        var settings = options.Value.Git;
        var snapshot = await reader.SnapshotAsync(cloneUrl, null, session, cancellationToken);
        // Files are read by the branch's name; the same commit serves them.
        session.Snapshots[(GitUrl.ForFile(cloneUrl, snapshot.Reference, "", hosting).CloneUrl, snapshot.Reference)] = new Lazy<Task<GitSnapshot>>(Task.FromResult(snapshot));
        var files = snapshot.List()
            .Where(file => !file.IsSymbolicLink && settings.IsCatalogFile(file.Path))
            .Select(file => ("url", GitUrl.ForFile(cloneUrl, snapshot.Reference, file.Path, hosting).ToString()));
        return await ReadAsync(session, [.. files], cancellationToken);
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
            level.Add(new FileToRead(entity.Ref, type, target, origin, Optional: false, null));
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

                next.AddRange(content.Entities.Where(found => Accept(tree, seen, found.Entity)).SelectMany(found => Follow(file, found, tree)));
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
            if (content.Issues.Count >= MaxIssuesPerFile)
            {
                // A file like this is no catalog file.
                content.Unread = true;
                content.Issues.Add(new SourceIssue(null, file.ParentRef, "InputError", $"{file.Target}:{document.Line}: too many errors; the rest is not read"));
                break;
            }

            if (document.Error is not null)
            {
                content.Unread = true;
                content.Issues.Add(new SourceIssue(null, file.ParentRef, "InputError", $"{file.Target}:{document.ErrorLine}: {document.Error}"));
            }
            else
            {
                await AddEntityAsync(file, document, content, session, cancellationToken);
            }
        }

        return content;
    }

    private async Task AddEntityAsync(FileToRead file, YamlDocument document, FileContent content, ReadSession session, CancellationToken cancellationToken)
    {
        var context = new ProcessingContext(
            file.Type, file.Target, file.Origin, (path, token) => reader.ReadTextAsync(file.Type, Provenance.Resolve(file.Type, file.Target, path), session, token));
        var lineOf = YamlDocuments.LinesOf(document, Limits);
        try
        {
            var problems = await pipeline.RunAsync(document.Node, context, cancellationToken);
            content.Unread |= problems.Count > 0 && EntityJson.TryRef(document.Node) is null;
            content.Issues.AddRange(problems.Select(problem => new SourceIssue(
                EntityJson.TryRef(document.Node), file.ParentRef, "InputError", $"{file.Target}:{lineOf(problem.Path)}: {problem.Message}")));
            if (problems.Count == 0)
            {
                var entity = (JsonObject)document.Node!;
                content.Entities.Add(new FoundEntity(
                    new SourceEntity(EntityJson.Ref(entity), entity, file.ParentRef, file.Location), context.Followed, lineOf));
            }
        }
        catch (PlatformException e)
        {
            content.Complete &= e is not ServiceUnavailableException;
            content.Issues.Add(new SourceIssue(EntityJson.TryRef(document.Node), file.ParentRef, e.Name, $"{file.Target}:{document.Line}: {e.Message}"));
        }
        catch (RegexMatchTimeoutException)
        {
            // Of one entity, or of a machine that is busy: the rest goes on, and the next run tries again.
            content.Complete = false;
            content.Unread |= EntityJson.TryRef(document.Node) is null;
            content.Issues.Add(new SourceIssue(EntityJson.TryRef(document.Node), file.ParentRef, "ServiceUnavailableError", $"{file.Target}:{document.Line}: checking it took too long"));
        }
    }

    private static IEnumerable<FileToRead> Follow(FileToRead file, FoundEntity found, SourceTree tree)
    {
        foreach (var location in found.Followed)
        {
            FileToRead? next = null;
            try
            {
                // Only what configuration says may read this machine's files.
                var target = location.Type == "file" && file.Type != "file"
                    ? throw InputException.For("spec.type", location.Type, "url")
                    : Provenance.Resolve(location.Type, file.Target, location.Target);
                next = new FileToRead(found.Entity.Ref, location.Type, target, file.Origin, location.Optional, file);
                if (next.Cycle() is { } cycle)
                {
                    throw new InputException($"it leads back to itself: {cycle}");
                }
            }
            catch (PlatformException e)
            {
                next = null;
                tree.Issues.Add(new SourceIssue(null, found.Entity.Ref, e.Name, $"{file.Target}:{found.LineOf(location.Field)}: {location.Target} is not read: {e.Message}"));
            }

            if (next is not null)
            {
                yield return next;
            }
        }
    }

    private sealed record FileToRead(string ParentRef, string Type, string Target, string Origin, bool Optional, FileToRead? NamedBy)
    {
        public string Location => $"{Type}:{Target}";

        /// <summary>The way from this file back to itself; null when the files that led here are others.</summary>
        public string? Cycle()
        {
            var way = new List<string> { Target };
            for (var file = NamedBy; file is not null; file = file.NamedBy)
            {
                way.Add(file.Target);
                if (file.Location == Location)
                {
                    way.Reverse();
                    return string.Join(" → ", way);
                }
            }

            return null;
        }
    }

    private sealed record FoundEntity(SourceEntity Entity, IReadOnlyList<FollowedLocation> Followed, Func<string, int> LineOf);

    private sealed class FileContent
    {
        public List<FoundEntity> Entities { get; } = [];

        public List<SourceIssue> Issues { get; } = [];

        public bool Unread { get; set; }

        public bool Complete { get; set; } = true;
    }
}
