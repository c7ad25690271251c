using Microsoft.Extensions.Configuration;

namespace DevPlatform.AppHost.Embedded;

/// <summary>How this run of the host behaves; all of it can be set from the environment or the command line.</summary>
internal sealed record EmbeddedOptions
{
    /// <summary><c>DataDirectory</c>: where data is kept; default is <c>.devplatform</c> beside the solution.</summary>
    public string? DataDirectory { get; init; }

    /// <summary><c>--clean</c>: start from nothing.</summary>
    public bool Clean { get; init; }

    /// <summary>Fixed ports are ignored, so that several topologies run side by side (tests).</summary>
    public bool RandomizePorts { get; init; }

    /// <summary>The data is thrown away on dispose, so nothing needs to be flushed or stopped gently.</summary>
    public bool Temporary { get; init; }

    /// <summary>Null runs no dashboard.</summary>
    public int? DashboardPort { get; init; } = 18888;

    public bool Console { get; init; } = true;

    /// <summary>For a topology that is looked at and thrown away: free ports, data of its own, nothing on the terminal.</summary>
    public static EmbeddedOptions Throwaway() => new()
    {
        // Not a private folder: PostgreSQL may run as another user.
        DataDirectory = Path.Combine(Path.GetTempPath(), $"devplatform-{Guid.NewGuid():N}"),
        RandomizePorts = true,
        Temporary = true,
        DashboardPort = null,
        Console = false,
    };

    /// <summary>The <c>demo</c> verb leaves a running topology and its data alone.</summary>
    public static EmbeddedOptions From(IConfiguration configuration, string[] args) => args.Contains("demo") ? Throwaway() : new()
    {
        DataDirectory = configuration["DataDirectory"],
        Clean = args.Contains("--clean"),
        RandomizePorts = configuration.GetValue("Ports:Random", false),
        DashboardPort = configuration.GetValue("Ports:dashboard", 18888),
    };
}
