using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Processors;
using DevPlatform.Catalog.Storage;
using DevPlatform.Shared.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Catalog.Providers;

/// <summary>Stores entities that come from no file: a provider, or another module, hands them over.</summary>
public sealed class ProvidedEntities(CatalogDbContext db, CatalogWriter writer, EntityPipeline pipeline, ILogger<ProvidedEntities> logger)
{
    private const int MaxShownIssues = 20;

    /// <summary>Makes the entities of a source these.</summary>
    internal async Task SetAsync(string provider, string source, IReadOnlyCollection<JsonObject> entities, CancellationToken cancellationToken)
    {
        var root = await RootAsync(provider, source, cancellationToken);
        var (tree, issues) = await ReadAsync(provider, source, entities, cancellationToken);
        var refused = await writer.ApplyTreeAsync(root, tree, ChangeCause.Discovered(provider), cancellationToken);
        issues.AddRange(refused.Select(issue => issue.Message));
        issues.ForEach(issue => logger.LogWarning("{Provider} {Source}: {Issue}", provider, source, issue));
        var shown = issues.Count == 0 ? null : string.Join('\n', issues.Take(MaxShownIssues));
        await db.Roots.Where(r => r.Id == root).ExecuteUpdateAsync(set => set.SetProperty(r => r.Error, shown), cancellationToken);
    }

    private async Task<Guid> RootAsync(string provider, string source, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into catalog.roots (id, kind, type, target, has_conflicts) values ({Guid.NewGuid()}, {provider}, {RootType.Entities}, {source}, false)
            on conflict (kind, type, target) do nothing
            """, cancellationToken);
        return await db.Roots.Where(r => r.Kind == provider && r.Type == RootType.Entities && r.Target == source).Select(r => r.Id).SingleAsync(cancellationToken);
    }

    private async Task<(SourceTree Tree, List<string> Issues)> ReadAsync(
        string provider, string source, IReadOnlyCollection<JsonObject> entities, CancellationToken cancellationToken)
    {
        var tree = new SourceTree { Dependencies = new Dictionary<string, string>() };
        var issues = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entity in entities)
        {
            var name = EntityJson.TryRef(entity) ?? "an entity without kind or name";
            try
            {
                var problems = await pipeline.RunAsync(entity, new ProcessingContext(provider, source, $"{provider}:{source}"), cancellationToken);
                issues.AddRange(problems.Select(problem => $"{name}: {problem.Message}"));
                if (problems.Count == 0 && seen.Add(name))
                {
                    tree.Entities.Add(new SourceEntity(name, entity, null, $"{provider}:{source}")
                    {
                        GivesWay = provider == RootKind.Organization && name.StartsWith("group:", StringComparison.Ordinal),
                    });
                }
                else if (problems.Count == 0)
                {
                    issues.Add($"{name} is there twice; the first is kept");
                }
            }
            catch (PlatformException e)
            {
                issues.Add($"{name}: {e.Message}");
            }
        }

        return (tree, issues);
    }
}
