using DevPlatform.Shared.Configuration;

namespace DevPlatform.Catalog.TechDocs;

/// <summary>Section <c>TechDocs</c>: how documentation is built and kept.</summary>
public sealed class TechDocsOptions : ICheckedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TechDocs";

    /// <summary>
    /// Directory of the built sites; replicas may share it, and what it lacks is built again. Default: <c>devplatform/techdocs</c> in the
    /// system's temporary directory.
    /// </summary>
    public string Directory { get; set; } = Path.Combine(Path.GetTempPath(), "devplatform", "techdocs");

    /// <summary>Most bytes of all sites in <see cref="Directory"/>; those built longest ago go first.</summary>
    public long MaxStoredBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>How often a repository is asked whether its docs changed, however often they are read.</summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often all documentation is looked at, so that what nobody opened is built and found too; zero: never.</summary>
    public TimeSpan UpkeepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest time for one build.</summary>
    public TimeSpan BuildTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Most sites built at the same time in this process.</summary>
    public int ParallelBuilds { get; set; } = 2;

    /// <summary>Most files of one site.</summary>
    public int MaxFiles { get; set; } = 5_000;

    /// <summary>Largest Markdown page, in bytes.</summary>
    public int MaxPageBytes { get; set; } = 256 * 1024;

    /// <summary>Most bytes of one site's source files.</summary>
    public long MaxSiteBytes { get; set; } = 100L * 1024 * 1024;

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section)
    {
        if (!Path.IsPathFullyQualified(Directory))
        {
            yield return SettingProblem.Of(section, nameof(Directory), Directory, "an absolute path");
        }

        foreach (var (name, value, least) in new[] { (nameof(MaxStoredBytes), MaxStoredBytes, 1024L * 1024), (nameof(MaxSiteBytes), MaxSiteBytes, 1024 * 1024), (nameof(MaxPageBytes), MaxPageBytes, 1024), (nameof(MaxFiles), MaxFiles, 1), (nameof(ParallelBuilds), ParallelBuilds, 1) })
        {
            if (value < least)
            {
                yield return SettingProblem.Of(section, name, value, $"{least} or more");
            }
        }

        if (CheckInterval < TimeSpan.Zero || CheckInterval > TimeSpan.FromHours(1))
        {
            yield return SettingProblem.Of(section, nameof(CheckInterval), CheckInterval, "00:00:00 to 01:00:00");
        }

        if (UpkeepInterval < TimeSpan.Zero || UpkeepInterval > TimeSpan.FromDays(1))
        {
            yield return SettingProblem.Of(section, nameof(UpkeepInterval), UpkeepInterval, "00:00:00 to 1.00:00:00");
        }

        if (BuildTimeout < TimeSpan.FromSeconds(1) || BuildTimeout > TimeSpan.FromMinutes(30))
        {
            yield return SettingProblem.Of(section, nameof(BuildTimeout), BuildTimeout, "00:00:01 to 00:30:00");
        }
    }
}
