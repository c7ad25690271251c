using System.Text.Json.Nodes;
using DevPlatform.PeerBenchmarks.Data;
using DevPlatform.PeerBenchmarks.Load;
using DevPlatform.PeerBenchmarks.Rows;
using DevPlatform.PeerBenchmarks.Systems;
using DevPlatform.TestKit;
using Npgsql;

namespace DevPlatform.PeerBenchmarks;

/// <summary>
/// One run: the same entities into each system, then every row on each in turn, so that whatever else the machine does falls on all alike.
/// </summary>
internal sealed class Comparison(Options options, string work)
{
    public const string LargeName = "DevPlatform, ten times the entities";
    private const int WarmUpSeconds = 5;
    private const int Starts = 3;

    /// <summary>Ours first, then the peer; the bare endpoint and the ten times larger catalog as further systems.</summary>
    public List<Measurements> Results { get; } = [];

    public IReadOnlyList<RequestRow> Rows { get; private set; } = [];

    public async Task RunAsync()
    {
        var entities = EntityGenerator.Generate(options.Seed, options.Scale);
        var keycloak = await Keycloak.GetAsync();
        Rows = [.. CatalogRows.All(entities, options.Seed).Where(row => options.Rows.Length == 0 || options.Rows.Any(row.Name.Contains))];
        var directory = Path.Combine(work, "catalog");
        CatalogFiles.Write(directory, entities);
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
            Results.Add(await FillAsync(system, files, entities));
        }

        await using var bare = new BareSystem(ours, keycloak.BaseUrl, await SaveEntitiesAsync(ours, entities), work) { BaseUrl = FreePorts.Url() };
        Results.Add(new Measurements { System = bare.Name });
        await bare.StartAsync();
        foreach (var row in Rows)
        {
            await MeasureRowAsync(row, row.Name == CatalogRows.ByNameRow ? [.. systems, bare] : systems);
        }

        if (!options.SkipGrowth)
        {
            foreach (var system in systems)
            {
                await system.StopAsync();
            }

            await GrowAsync(keycloak);
        }
    }

    private async Task<Measurements> FillAsync(MeasuredSystem system, CatalogFileServer files, IReadOnlyList<JsonObject> entities, bool alone = true)
    {
        await system.MigrateAsync();
        await system.StartAsync();
        Say($"{system.Name}: takes in {entities.Count} entities");
        var result = new Measurements { System = system.Name, Ingest = await Ingest.RunAsync(system, files.BaseUrl, entities) };
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

    private async Task MeasureRowAsync(RequestRow row, IReadOnlyList<MeasuredSystem> systems)
    {
        foreach (var system in systems)
        {
            await Wrk.RunAsync(system.BaseUrl, await system.UserTokenAsync(), row.Requests, options.Connections[0], WarmUpSeconds);
        }

        foreach (var connections in options.Connections)
        {
            foreach (var system in systems)
            {
                var of = Results.Single(r => r.System == system.Name);
                var token = await system.UserTokenAsync();
                var cpu = system.Process.CpuSeconds;
                var load = await Wrk.RunAsync(system.BaseUrl, token, row.Requests, connections, options.Seconds);
                cpu = system.Process.CpuSeconds - cpu;
                of.Rows[(row, connections)] = new RowResult(connections, load, cpu * 1000 / (load.PerSecond * options.Seconds));
                of.ResidentMegabytes = Math.Max(of.ResidentMegabytes ?? 0, system.Process.ResidentMegabytes);
                Say($"{row.Name}, {connections} connections, {system.Name}: {load.PerSecond:0}/s, p50 {load.P50:0.00} ms, p99 {load.P99:0.00} ms, "
                    + $"{of.Rows[(row, connections)].CpuMilliseconds:0.000} CPU ms, {system.Process.ResidentMegabytes} MB");
            }
        }
    }

    private async Task GrowAsync(Keycloak keycloak)
    {
        var entities = EntityGenerator.Generate(options.Seed, options.Scale * 10);
        var directory = Path.Combine(work, "catalog-large");
        CatalogFiles.Write(directory, entities);
        await using var files = await CatalogFileServer.StartAsync(directory);
        await using var large = new DevPlatformSystem(
            Programs.DevPlatform, await PostgresServer.CreateDatabaseAsync(), keycloak, files.BaseUrl, work, LargeName)
        { BaseUrl = FreePorts.Url() };
        Results.Add(await FillAsync(large, files, entities, alone: false));
        foreach (var row in Rows)
        {
            await MeasureRowAsync(row, [large]);
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

    private static void Say(string text) => Console.Error.WriteLine(text);
}
