using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DevPlatform.PeerBenchmarks.Load;

/// <summary>One request of a row, without host and token.</summary>
internal sealed record LoadRequest(string Method, string Path, string? Body = null);

/// <summary>What wrk saw.</summary>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="P50">Median latency, milliseconds.</param>
/// <param name="P99">99th percentile, milliseconds.</param>
/// <param name="Bytes">Mean size of a response with its headers.</param>
internal sealed record LoadResult(double PerSecond, double P50, double P99, double Bytes);

/// <summary>Runs wrk with one thread over a list of requests, again and again in the same order.</summary>
internal static class Wrk
{
    // The requests are ready-made texts, so that the load generator costs as little as it can.
    private const string Script =
        """
        local requests, at = {}, 0
        function init(args)
          local file = io.open(args[1], "rb")
          while true do
            local length = file:read("*n")
            if not length then break end
            file:read(1)
            requests[#requests + 1] = file:read(length)
          end
          file:close()
        end
        function request()
          at = at % #requests + 1
          return requests[at]
        end
        function done(summary, latency)
          io.write(string.format('RESULT {"requests":%d,"us":%d,"bytes":%d,"p50":%d,"p99":%d,"bad":%d}\n', summary.requests, summary.duration,
            summary.bytes, latency:percentile(50), latency:percentile(99),
            summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
        end
        """;

    public static async Task<LoadResult> RunAsync(Uri baseUrl, string token, IReadOnlyList<LoadRequest> requests, int connections, int seconds)
    {
        var directory = Directory.CreateTempSubdirectory("wrk-").FullName;
        try
        {
            var (script, file) = (Path.Combine(directory, "requests.lua"), Path.Combine(directory, "requests.txt"));
            await File.WriteAllTextAsync(script, Script);
            await File.WriteAllTextAsync(file, string.Concat(requests.Select(r => Framed(Raw(r, baseUrl, token)))));
            using var wrk = Process.Start(new ProcessStartInfo(
                "wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "10s", "--latency", "-s", script, baseUrl.ToString(), "--", file])
            { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = wrk.StandardError.ReadToEndAsync();
            var output = await wrk.StandardOutput.ReadToEndAsync();
            await wrk.WaitForExitAsync();
            var line = output.Split('\n').FirstOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal))
                ?? throw new InvalidOperationException($"wrk gave no result: {output}{await errors}");
            return Read(JsonDocument.Parse(line["RESULT ".Length..]).RootElement, output);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static LoadResult Read(JsonElement result, string output)
    {
        if (result.GetProperty("bad").GetInt64() > 0)
        {
            throw new InvalidOperationException($"Requests failed; figures of errors mean nothing: {output}");
        }

        var count = result.GetProperty("requests").GetDouble();
        return new LoadResult(
            count / (result.GetProperty("us").GetDouble() / 1e6), result.GetProperty("p50").GetDouble() / 1000, result.GetProperty("p99").GetDouble() / 1000,
            result.GetProperty("bytes").GetDouble() / count);
    }

    private static string Raw(LoadRequest request, Uri baseUrl, string token)
    {
        var text = new StringBuilder($"{request.Method} {request.Path} HTTP/1.1\r\nHost: {baseUrl.Authority}\r\nAuthorization: Bearer {token}\r\n");
        if (request.Body is { } body)
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        }

        return text.Append("\r\n").Append(request.Body).ToString();
    }

    private static string Framed(string request) => $"{Encoding.UTF8.GetByteCount(request)}\n{request}";
}
