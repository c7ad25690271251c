using DevPlatform.PeerBenchmarks.Load;
using DevPlatform.PeerBenchmarks.Rows;

namespace DevPlatform.PeerBenchmarks;

/// <summary>A row under load on one system.</summary>
/// <param name="Connections">How many connections wrk held.</param>
/// <param name="Load">What it saw.</param>
/// <param name="CpuMilliseconds">Processor time of the system's process per request (without PostgreSQL's).</param>
internal sealed record RowResult(int Connections, LoadResult Load, double CpuMilliseconds);

/// <summary>Everything that was measured of one system.</summary>
internal sealed class Measurements
{
    public required string System { get; init; }

    public IngestResult? Ingest { get; set; }

    /// <summary>Start to ready with the catalog in the database, best of three.</summary>
    public TimeSpan? Start { get; set; }

    /// <summary>Resident memory after the read load, the largest seen between rows.</summary>
    public int? ResidentMegabytes { get; set; }

    /// <summary>Share of one core while nobody asks for anything.</summary>
    public double? IdleCore { get; set; }

    /// <summary>By the row's name: a larger catalog has the same rows with requests of its own.</summary>
    public Dictionary<(string Row, int Connections), RowResult> Rows { get; } = [];

    /// <summary>What was measured of a row, or null where it failed or was not asked for.</summary>
    public RowResult? Of(RequestRow row, int connections) => Rows.GetValueOrDefault((row.Name, connections));
}
