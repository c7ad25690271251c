using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.PeerBenchmarks.Data;
using DevPlatform.PeerBenchmarks.Systems;

namespace DevPlatform.PeerBenchmarks.Load;

/// <summary>What taking in the catalog cost.</summary>
internal sealed record IngestResult(TimeSpan Time, double CpuSeconds, int PeakMegabytes);

/// <summary>Registers the catalog's locations and waits until everything is there, related and found.</summary>
internal static class Ingest
{
    private const int Sample = 200;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(20);

    public static async Task<IngestResult> RunAsync(MeasuredSystem system, IReadOnlyList<Uri> locations, IReadOnlyList<JsonObject> entities)
    {
        using var http = await system.ClientAsync();
        var expected = RelationCounts.Of(entities);
        var sample = entities.Where((_, i) => i % Math.Max(1, entities.Count / Sample) == 0).Select(RelationCounts.RefOf).ToArray();
        var cpu = system.Process.CpuSeconds;
        var watch = Stopwatch.StartNew();
        foreach (var location in locations)
        {
            using var answer = await http.PostAsJsonAsync("api/catalog/locations", new { type = "url", target = location });
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{system.Name} refused the location: {await answer.Content.ReadAsStringAsync()}");
            }
        }

        while (!await IsCompleteAsync(http, entities.Count, sample, expected))
        {
            system.Process.MustLive();
            if (watch.Elapsed > Timeout)
            {
                throw new TimeoutException($"{system.Name} has not taken in the catalog after {Timeout}.");
            }

            await Task.Delay(250);
        }

        return new IngestResult(watch.Elapsed, system.Process.CpuSeconds - cpu, system.Process.PeakMegabytes);
    }

    private static async Task<bool> IsCompleteAsync(HttpClient http, int count, string[] sample, IReadOnlyDictionary<string, int> expected)
    {
        var facets = await http.GetFromJsonAsync<JsonElement>("api/catalog/entity-facets?facet=kind");
        var found = facets.GetProperty("facets").GetProperty("kind").EnumerateArray()
            .Where(kind => kind.GetProperty("value").GetString() != "Location").Sum(kind => kind.GetProperty("count").GetInt32());
        if (found < count)
        {
            return false;
        }

        using var answer = await http.PostAsJsonAsync("api/catalog/entities/by-refs", new { entityRefs = sample });
        var items = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray();
        return items.Zip(sample).All(pair => pair.First.ValueKind == JsonValueKind.Object
            && pair.First.GetProperty("relations").GetArrayLength() == expected.GetValueOrDefault(pair.Second));
    }
}
