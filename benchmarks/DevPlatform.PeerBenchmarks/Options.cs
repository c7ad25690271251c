using System.Globalization;

namespace DevPlatform.PeerBenchmarks;

/// <summary>What the command line says, as <c>--name value</c>.</summary>
internal sealed class Options(string[] arguments)
{
    public int Seed { get; } = int.Parse(Value(arguments, "seed", "42"), CultureInfo.InvariantCulture);

    /// <summary>1 = 10,000 entities.</summary>
    public double Scale { get; } = double.Parse(Value(arguments, "scale", "1"), CultureInfo.InvariantCulture);

    /// <summary>Length of each measurement.</summary>
    public int Seconds { get; } = int.Parse(Value(arguments, "seconds", "15"), CultureInfo.InvariantCulture);

    /// <summary>Length of the look at the idle process.</summary>
    public int IdleSeconds { get; } = int.Parse(Value(arguments, "idle-seconds", "120"), CultureInfo.InvariantCulture);

    public int[] Connections { get; } = [.. Value(arguments, "connections", "8,32").Split(',').Select(c => int.Parse(c, CultureInfo.InvariantCulture))];

    /// <summary>Names, or parts of names, of the rows to measure; empty for all.</summary>
    public string[] Rows { get; } = Value(arguments, "rows", "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Leave the peer out: figures of our own only.</summary>
    public bool OursOnly { get; } = arguments.Contains("--ours-only");

    /// <summary>Leave out the ten times larger catalog.</summary>
    public bool SkipGrowth { get; } = arguments.Contains("--skip-growth");

    /// <summary>How often each page of the portal is opened.</summary>
    public int Visits { get; } = int.Parse(Value(arguments, "visits", "9"), CultureInfo.InvariantCulture);

    /// <summary>Where the report goes.</summary>
    public string Output { get; } = Value(arguments, "output", "artifacts/benchmarks/peer.md");

    private static string Value(string[] arguments, string name, string otherwise)
    {
        var at = Array.IndexOf(arguments, $"--{name}");
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;
    }
}
