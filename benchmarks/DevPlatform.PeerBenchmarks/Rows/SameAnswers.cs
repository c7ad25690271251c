using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.PeerBenchmarks.Load;
using DevPlatform.PeerBenchmarks.Systems;

namespace DevPlatform.PeerBenchmarks.Rows;

/// <summary>
/// Whether two systems answer the requests of a row alike: figures of different work could not be compared. Left out is what differs by
/// nature: uids, entity tags, Backstage's own annotations and the insides of cursors; relations and facet values count in any order, and of
/// a dry run the files that it made.
/// </summary>
internal static class SameAnswers
{
    private const int Sample = 25;

    /// <returns>How many of the sample are alike, and where the first difference is.</returns>
    public static async Task<string> CheckAsync(RequestRow row, MeasuredSystem a, MeasuredSystem b)
    {
        var requests = row.Requests.Where((_, i) => i % Math.Max(1, row.Requests.Count / Sample) == 0).Take(Sample).ToList();
        using var askA = await a.ClientAsync();
        using var askB = await b.ClientAsync();
        var (alike, first) = (0, "");
        foreach (var request in requests)
        {
            var difference = Difference(await AskAsync(askA, request), await AskAsync(askB, request), "$");
            alike += difference is null ? 1 : 0;
            first = first.Length == 0 && difference is not null ? $"; first difference: {request.Method} {request.Path} at {difference}" : first;
        }

        return $"{alike} of {requests.Count} sampled answers alike{first}";
    }

    private static async Task<JsonNode?> AskAsync(HttpClient http, LoadRequest request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        if (request.Body is { } body)
        {
            message.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        using var answer = await http.SendAsync(message);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? Comparable(JsonNode.Parse(text)) : new JsonObject { ["status"] = (int)answer.StatusCode, ["body"] = text };
    }

    /// <summary>The answer without what differs by nature.</summary>
    private static JsonNode? Comparable(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            if (map["directoryContents"] is { } made)
            {
                return new JsonObject { ["files"] = Sorted(made) };
            }

            foreach (var (key, value) in map.ToList())
            {
                if (key is "uid" or "etag" || key.StartsWith("backstage.io/", StringComparison.Ordinal) || (key == "annotations" && IsEmpty(value)))
                {
                    map.Remove(key);
                    continue;
                }

                map[key] = key switch
                {
                    "nextCursor" or "prevCursor" => "a cursor",
                    "relations" => Sorted(value),
                    "facets" when value is JsonObject facets => new JsonObject(facets.Select(f => KeyValuePair.Create(f.Key, Sorted(f.Value)))),
                    _ => Comparable(value?.DeepClone()),
                };
            }

            return map;
        }

        return node is JsonArray list ? new JsonArray([.. list.Select(item => Comparable(item?.DeepClone()))]) : node;
    }

    private static bool IsEmpty(JsonNode? annotations) =>
        annotations is JsonObject map && map.All(a => a.Key.StartsWith("backstage.io/", StringComparison.Ordinal));

    private static JsonNode? Sorted(JsonNode? node) => node is JsonArray list
        ? new JsonArray([.. list.Select(item => item?.DeepClone()).OrderBy(item => item?.ToJsonString(), StringComparer.Ordinal)])
        : node?.DeepClone();

    private static string? Difference(JsonNode? a, JsonNode? b, string path)
    {
        switch (a, b)
        {
            case (JsonObject x, JsonObject y):
                return x.Select(p => p.Key).Union(y.Select(p => p.Key)).Select(key => Difference(x[key], y[key], $"{path}.{key}")).FirstOrDefault(d => d is not null);
            case (JsonArray x, JsonArray y) when x.Count == y.Count:
                return x.Zip(y).Select((pair, i) => Difference(pair.First, pair.Second, $"{path}[{i}]")).FirstOrDefault(d => d is not null);
            default:
                return JsonNode.DeepEquals(a, b) ? null : $"{path}: {Excerpts(a?.ToJsonString() ?? "nothing", b?.ToJsonString() ?? "nothing")}";
        }
    }

    private static string Excerpts(string a, string b)
    {
        var from = Math.Max(0, a.AsSpan().CommonPrefixLength(b) - 20);
        return $"{Excerpt(a)} and {Excerpt(b)}";

        string Excerpt(string text) => text[Math.Min(from, text.Length)..Math.Min(from + 80, text.Length)];
    }
}
