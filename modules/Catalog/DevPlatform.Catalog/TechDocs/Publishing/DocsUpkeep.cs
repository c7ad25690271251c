using System.Text.Json.Nodes;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.TechDocs.Sources;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using DevPlatform.Shared.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Catalog.TechDocs.Publishing;

/// <summary>
/// Builds documentation that nobody opened yet or that changed since, so that search finds it. One replica does; a repository is asked once a
/// round, whatever number of entities it holds.
/// </summary>
internal sealed class DocsUpkeep(
    ChangeFeed feed, DocsPublisher publisher, DocsSites sites, IGitRepositories repositories, IOptions<TechDocsOptions> options, NpgsqlDataSource dataSource, TimeProvider time,
    ILogger<DocsUpkeep> logger) : SingletonService(dataSource, time, logger)
{
    private readonly TimeProvider _time = time;

    protected override string LockName => "catalog:techdocs-upkeep";

    /// <summary>Does not even compete for the lock when it is switched off.</summary>
    public override Task StartAsync(CancellationToken cancellationToken) =>
        options.Value.UpkeepInterval > TimeSpan.Zero ? base.StartAsync(cancellationToken) : Task.CompletedTask;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(options.Value.UpkeepInterval, _time, cancellationToken);
            await RoundAsync(cancellationToken);
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        var known = await sites.CommitsAsync(cancellationToken);
        foreach (var repository in (await SourcesAsync(cancellationToken)).GroupBy(source => (source.CloneUrl, source.Reference)))
        {
            try
            {
                var head = await repositories.ResolveAsync(repository.Key.CloneUrl, repository.Key.Reference, cancellationToken);
                foreach (var source in repository.Where(source => !known.Contains((source.EntityRef, source.Key, head.Commit))))
                {
                    await UpdateAsync(source, cancellationToken);
                }
            }
            catch (PlatformException e)
            {
                logger.LogDebug(e, "Documentation in {Repository} is looked at again later", repository.Key.CloneUrl);
            }
        }
    }

    private async Task UpdateAsync(DocsSource source, CancellationToken cancellationToken)
    {
        try
        {
            await publisher.Sync(source).Updated.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Its author sees why in the reader.
            logger.LogDebug(e, "The documentation of {Entity} could not be built", source.EntityRef);
        }
    }

    private async Task<List<DocsSource>> SourcesAsync(CancellationToken cancellationToken)
    {
        var index = await feed.ReadyAsync(cancellationToken);
        var documented = index.Read(view =>
        {
            var ids = view.Evaluate(new EntityFilter.Exists($"metadata.annotations.{DocsSource.RefAnnotation}"));
            return Enumerable.Range(0, ids.Length * 64).Where(id => Bits.Has(ids, id)).Select(id => view[id].Json).ToList();
        });
        var sources = new List<DocsSource>();
        foreach (var json in documented)
        {
            try
            {
                sources.Add(DocsSource.Of(JsonNode.Parse(json)!.AsObject()));
            }
            catch (PlatformException)
            {
                // In no Git repository, or refused: said to whoever opens it.
            }
        }

        return sources;
    }
}
