using System.Globalization;
using System.Text;
using DevPlatform.PeerBenchmarks.Rows;

namespace DevPlatform.PeerBenchmarks;

/// <summary>The figures as Markdown tables.</summary>
internal static class Report
{
    public static string Write(Options options, Comparison run)
    {
        var text = new StringBuilder();
        var ours = run.Results[0];
        var peer = run.Results.Find(r => r.System == "Backstage");
        var bare = run.Results.Find(r => r.System.StartsWith("Bare", StringComparison.Ordinal));
        var large = run.Results.Find(r => r.System == Comparison.LargeName);
        text.Append(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Machine()}; {options.Scale * 10_000:0} entities, {options.Seconds} s per figure.\n\n");
        WriteRows(text, options, run.Rows, ours, peer);
        WriteWhole(text, ours, peer);
        if (bare is not null)
        {
            WriteRatios(text, "by-name against a bare authenticated Kestrel endpoint with the same bytes", "share of it", options, run.Rows, ours, bare, latency: false);
        }

        if (large is not null)
        {
            WriteRatios(text, "Ten times the entities", "latency against the smaller catalog (p50)", options, run.Rows, large, ours, latency: true);
        }

        text.AppendJoin('\n', run.Notes.Select(note => $"- {note.ReplaceLineEndings(" ")}"));
        return text.Append('\n').ToString();
    }

    private static void WriteRows(StringBuilder text, Options options, IReadOnlyList<RequestRow> rows, Measurements ours, Measurements? peer)
    {
        text.Append("| row | connections | DevPlatform req/s | p50 / p99 ms | CPU ms | Backstage req/s | p50 / p99 ms | CPU ms | ratio req/s | goal | ratio p99 |\n");
        text.Append("|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            foreach (var connections in options.Connections)
            {
                var (a, b) = (ours.Of(row, connections), peer?.Of(row, connections));
                text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {connections} | {Cells(a)} | {Cells(b)} ")
                    .Append(CultureInfo.InvariantCulture, $"| {Ratio(a?.Load.PerSecond, b?.Load.PerSecond)} | ≥ {row.Goal} | {Ratio(b?.Load.P99, a?.Load.P99)} |\n");
            }
        }

        text.Append('\n');
    }

    private static void WriteWhole(StringBuilder text, Measurements ours, Measurements? peer)
    {
        text.Append("| | DevPlatform | Backstage | ratio | goal |\n|---|---|---|---|---|\n");
        Line("ingest, s", m => m.Ingest?.Time.TotalSeconds, "0.0", "≥ 20");
        Line("ingest, CPU s of the process", m => m.Ingest?.CpuSeconds, "0.0", "≥ 10");
        Line("ingest, peak resident MB", m => m.Ingest?.PeakMegabytes, "0", "");
        Line("resident MB under read load", m => m.ResidentMegabytes, "0", "≥ 4");
        Line("start to ready, s", m => m.Start?.TotalSeconds, "0.00", "≥ 5");
        Line("idle, % of a core", m => m.IdleCore * 100, "0.00", "≤ 1%");
        text.Append('\n');

        void Line(string name, Func<Measurements, double?> value, string format, string goal)
        {
            var (a, b) = (value(ours), peer is null ? null : value(peer));
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {a?.ToString(format, CultureInfo.InvariantCulture)} | {b?.ToString(format, CultureInfo.InvariantCulture) ?? "–"} | {Ratio(b, a)} | {goal} |\n");
        }
    }

    private static void WriteRatios(
        StringBuilder text, string title, string ratio, Options options, IReadOnlyList<RequestRow> rows, Measurements of, Measurements against, bool latency)
    {
        text.Append(CultureInfo.InvariantCulture, $"{title}\n\n| row | connections | {of.System}: req/s | p50 / p99 ms | CPU ms | {against.System}: req/s | p50 / p99 ms | CPU ms | {ratio} |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var (row, connections) in rows.SelectMany(row => options.Connections.Select(c => (row, c))).Where(r => against.Of(r.row, r.c) is not null && of.Of(r.row, r.c) is not null))
        {
            var (a, b) = (of.Of(row, connections), against.Of(row, connections));
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {connections} | {Cells(a)} | {Cells(b)} | {(latency ? Ratio(a?.Load.P50, b?.Load.P50, "0.00") : Ratio(a?.Load.PerSecond, b?.Load.PerSecond, "0.00"))} |\n");
        }

        text.Append('\n');
    }

    private static string Cells(RowResult? r) => r is null
        ? "– | – | –"
        : string.Create(CultureInfo.InvariantCulture, $"{r.Load.PerSecond:0} | {r.Load.P50:0.00} / {r.Load.P99:0.0} | {r.CpuMilliseconds:0.000}");

    private static string Ratio(double? a, double? b, string format = "0.0") =>
        a is { } x && b is { } y && y > 0 ? (x / y).ToString(format, CultureInfo.InvariantCulture) : "–";

    private static string Machine()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        return $"{Environment.ProcessorCount} cores ({model ?? "unknown"}), .NET {Environment.Version}, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} at the end";
    }
}
