using System.Text.Json.Nodes;
using DevPlatform.PeerBenchmarks.Data;
using DevPlatform.PeerBenchmarks.Load;
using DevPlatform.PeerBenchmarks.Rows;
using DevPlatform.PeerBenchmarks.Systems;
using DevPlatform.TestKit;
using Npgsql;

namespace DevPlatform.PeerBenchmarks;

/// <summary>
/// One run: the same entities into each system, then every row on each in turn, one right after the other.
/// </summary>
internal sealed class Comparison(Options options, string work)
{
    public const string LargeName = "DevPlatform, ten times the entities";
    private const int WarmUpSeconds = 5;
    private const int Starts = 3;
    private readonly List<MeasuredSystem> _running = [];

    /// <summary>Ours first, then the peer; the bare endpoint and the ten times larger catalog as further systems.</summary>
    public List<Measurements> Results { get; } = [];

    public IReadOnlyList<RequestRow> Rows { get; private set; } = [];

    /// <summary>What the reader of the figures must know: whether the answers were alike, and what failed.</summary>
    public List<string> Notes { get; } = [];

    /// <param name="progress">Called after every step, so that a run which is cut off leaves what it has.</param>
    public async Task RunAsync(Action progress)
    {
        var entities = EntityGenerator.Generate(options.Seed, options.Scale);
        var keycloak = await Keycloak.GetAsync();
        Rows = RowsOf(entities);
        var directory = Path.Combine(work, "catalog");
        var entries = CatalogFiles.Write(directory, entities);
        await using var files = await CatalogFileServer.StartAsync(directory);
        var connectionString = await PostgresServer.CreateDatabaseAsync();
        await using var ours = new DevPlatformSystem(Programs.DevPlatform, connectionString, keycloak, files.BaseUrl, work) { BaseUrl = FreePorts.Url() };
        await using var peer = options.OursOnly
            ? null
            : new BackstageSystem(Programs.Backstage, new NpgsqlConnectionStringBuilder(connectionString), files.BaseUrl, work) { BaseUrl = FreePorts.Url() };
        MeasuredSystem[] systems = peer is null ? [ours] : [ours, peer];
        foreach (var system in systems)
        {
            // One at a time: what takes entities in has the machine to itself.
            Results.Add(await FillAsync(system, files.UrlsOf(entries), entities));
            progress();
        }

        await using var bare = new BareSystem(ours, keycloak.BaseUrl, await SaveEntitiesAsync(ours, entities), work) { BaseUrl = FreePorts.Url() };
        Results.Add(new Measurements { System = bare.Name });
        await bare.StartAsync();
        _running.AddRange([.. systems, bare]);
        foreach (var row in Rows)
        {
            if (peer is not null)
            {
                Note($"{row.Name}: {await SameAnswers.CheckAsync(row, ours, peer)}");
            }

            await MeasureRowAsync(row, row.Name == CatalogRows.ByNameRow ? [.. systems, bare] : systems, options.Connections);
            progress();
        }

        foreach (var system in _running)
        {
            await system.StopAsync();
        }

        _running.Clear();
        if (!options.SkipGrowth)
        {
            try
            {
                await GrowAsync(keycloak, progress);
            }
            catch (Exception e) when (e is InvalidOperationException or TimeoutException or HttpRequestException)
            {
                Note($"{LargeName} failed: {e.Message}");
            }
        }
    }

    private IReadOnlyList<RequestRow> RowsOf(IReadOnlyList<JsonObject> entities) =>
        [.. CatalogRows.All(entities, options.Seed).Append(ScaffolderRows.DryRun()).Where(row => options.Rows.Length == 0 || options.Rows.Any(row.Name.Contains))];

    private async Task<Measurements> FillAsync(MeasuredSystem system, IReadOnlyList<Uri> locations, IReadOnlyList<JsonObject> entities, bool alone = true)
    {
        await system.MigrateAsync();
        await system.StartAsync();
        Say($"{system.Name}: takes in {entities.Count} entities");
        var result = new Measurements { System = system.Name, Ingest = await Ingest.RunAsync(system, locations, entities) };
        Say($"{system.Name}: {result.Ingest.Time.TotalSeconds:0.0} s, {result.Ingest.CpuSeconds:0.0} CPU s, peak {result.Ingest.PeakMegabytes} MB");
        if (!alone)
        {
            return result;
        }

        var starts = new List<TimeSpan>();
        for (var i = 0; i < Starts; i++)
        {
            await system.StopAsync();
            starts.Add(await system.StartAsync());
        }

        result.Start = starts.Min();
        await Task.Delay(TimeSpan.FromSeconds(options.IdleSeconds / 4.0));
        var cpu = system.Process.CpuSeconds;
        await Task.Delay(TimeSpan.FromSeconds(options.IdleSeconds));
        result.IdleCore = (system.Process.CpuSeconds - cpu) / options.IdleSeconds;
        Say($"{system.Name}: start {result.Start.Value.TotalSeconds:0.00} s, idle {result.IdleCore:P2} of a core, {system.Process.ResidentMegabytes} MB");
        return result;
    }

    /// <summary>Each system in turn, with the others held: what they do in the background is not measured with it.</summary>
    private async Task MeasureRowAsync(RequestRow row, IReadOnlyList<MeasuredSystem> systems, IReadOnlyList<int> connections)
    {
        foreach (var system in systems)
        {
            var others = _running.Where(other => other != system).ToList();
            try
            {
                others.ForEach(other => other.Process.Pause());
                await MeasureAsync(row, system, connections);
            }
            catch (Exception e) when (e is InvalidOperationException or HttpRequestException)
            {
                // One row that fails must not cost the others.
                Note($"{row.Name} on {system.Name} failed: {e.Message}");
            }
            finally
            {
                others.ForEach(other => other.Process.Resume());
            }
        }
    }

    private async Task MeasureAsync(RequestRow row, MeasuredSystem system, IReadOnlyList<int> numbersOfConnections)
    {
        var of = Results.Single(r => r.System == system.Name);
        var token = await system.UserTokenAsync();
        await Wrk.RunAsync(system.BaseUrl, token, row.Requests, numbersOfConnections[0], WarmUpSeconds);
        foreach (var connections in numbersOfConnections)
        {
            var cpu = system.Process.CpuSeconds;
            var load = await Wrk.RunAsync(system.BaseUrl, token, row.Requests, connections, options.Seconds);
            cpu = system.Process.CpuSeconds - cpu;
            of.Rows[(row.Name, connections)] = new RowResult(connections, load, cpu * 1000 / (load.PerSecond * options.Seconds));
            of.ResidentMegabytes = Math.Max(of.ResidentMegabytes ?? 0, system.Process.ResidentMegabytes);
            Say($"{row.Name}, {connections} connections, {system.Name}: {load.PerSecond:0}/s, p50 {load.P50:0.00} ms, p99 {load.P99:0.00} ms, "
                + $"{of.Rows[(row.Name, connections)].CpuMilliseconds:0.000} CPU ms, {load.Bytes:0} bytes, {system.Process.ResidentMegabytes} MB");
        }
    }

    /// <summary>Ours only: the peer would take in ten times the entities for more than twenty minutes.</summary>
    private async Task GrowAsync(Keycloak keycloak, Action progress)
    {
        var entities = EntityGenerator.Generate(options.Seed, options.Scale * 10);
        var directory = Path.Combine(work, "catalog-large");
        var entries = CatalogFiles.Write(directory, entities);
        await using var files = await CatalogFileServer.StartAsync(directory);
        await using var large = new DevPlatformSystem(
            Programs.DevPlatform, await PostgresServer.CreateDatabaseAsync(), keycloak, files.BaseUrl, work, LargeName)
        { BaseUrl = FreePorts.Url() };
        Results.Add(await FillAsync(large, files.UrlsOf(entries), entities, alone: false));
        foreach (var row in RowsOf(entities).Where(row => row.DependsOnEntities))
        {
            await MeasureRowAsync(row, [large], options.Connections[..1]);
            progress();
        }
    }

    private async Task<string> SaveEntitiesAsync(MeasuredSystem system, IReadOnlyList<JsonObject> entities)
    {
        using var http = await system.ClientAsync();
        var file = Path.Combine(work, "entities.tsv");
        await using var writer = new StreamWriter(file);
        foreach (var entityRef in entities.Select(RelationCounts.RefOf).Where(r => r.StartsWith("component:", StringComparison.Ordinal)))
        {
            var entity = await http.GetStringAsync($"api/catalog/entities/by-name/{entityRef.Replace(':', '/')}");
            await writer.WriteLineAsync($"{entityRef}\t{entity}");
        }

        return file;
    }

    private void Note(string text)
    {
        Notes.Add(text);
        Say(text);
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
