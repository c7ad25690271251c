using DevPlatform.Shared.Configuration;

namespace DevPlatform.Catalog;

/// <summary>Section <c>Catalog</c>.</summary>
public sealed class CatalogOptions : ICheckedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Catalog";

    /// <summary>Locations that are always there.</summary>
    public IList<StaticLocationOptions> Locations { get; } = [];

    /// <summary>Repositories whose catalog files are discovered.</summary>
    public GitDiscoveryOptions Git { get; } = new();

    /// <summary><c>host:port</c> of URLs that may be read although they are in a private network.</summary>
    public IList<string> ReadingAllow { get; } = [];

    /// <summary>How often a source is asked whether it changed.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a source is asked although its provider, which would say when it changes, says nothing.</summary>
    public TimeSpan VersionedRefreshInterval { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>What becomes of an entity that its source has no more.</summary>
    public OrphanStrategy OrphanStrategy { get; set; } = OrphanStrategy.Delete;

    /// <summary>What becomes of an entity whose owner is not in the catalog.</summary>
    public UnknownOwners UnknownOwners { get; set; } = UnknownOwners.Orphan;

    /// <summary>Longest time for reading one file over HTTP.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Largest file that is read, in bytes.</summary>
    public int MaxFileBytes { get; set; } = 5_000_000;

    /// <summary>Most files that one location may lead to.</summary>
    public int MaxFilesPerLocation { get; set; } = 20_000;

    /// <summary>How long the history of entities is kept, that of deleted ones too.</summary>
    public TimeSpan KeepHistory { get; set; } = TimeSpan.FromDays(730);

    /// <summary>Claims watched in the cluster.</summary>
    public CrossplaneOptions Crossplane { get; } = new();

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section)
    {
        if (RefreshInterval < TimeSpan.FromSeconds(1) || RefreshInterval > TimeSpan.FromDays(1))
        {
            yield return SettingProblem.Of(section, nameof(RefreshInterval), RefreshInterval, "00:00:01 to 1.00:00:00");
        }

        if (VersionedRefreshInterval < TimeSpan.FromSeconds(1) || VersionedRefreshInterval > TimeSpan.FromDays(1))
        {
            yield return SettingProblem.Of(section, nameof(VersionedRefreshInterval), VersionedRefreshInterval, "00:00:01 to 1.00:00:00");
        }

        if (!Enum.IsDefined(OrphanStrategy))
        {
            yield return SettingProblem.Of(section, nameof(OrphanStrategy), OrphanStrategy, string.Join(", ", Enum.GetNames<OrphanStrategy>()));
        }

        if (!Enum.IsDefined(UnknownOwners))
        {
            yield return SettingProblem.Of(section, nameof(UnknownOwners), UnknownOwners, string.Join(", ", Enum.GetNames<UnknownOwners>()));
        }

        if (ReadTimeout < TimeSpan.FromSeconds(1) || ReadTimeout > TimeSpan.FromMinutes(10))
        {
            yield return SettingProblem.Of(section, nameof(ReadTimeout), ReadTimeout, "00:00:01 to 00:10:00");
        }

        if (KeepHistory < TimeSpan.FromDays(1) || KeepHistory > TimeSpan.FromDays(36_500))
        {
            yield return SettingProblem.Of(section, nameof(KeepHistory), KeepHistory, "1.00:00:00 to 36500.00:00:00");
        }

        if (MaxFileBytes is < 1024 or > 100_000_000)
        {
            yield return SettingProblem.Of(section, nameof(MaxFileBytes), MaxFileBytes, "1024 to 100000000");
        }

        if (MaxFilesPerLocation < 1)
        {
            yield return SettingProblem.Of(section, nameof(MaxFilesPerLocation), MaxFilesPerLocation, "1 or more");
        }

        for (var i = 0; i < Locations.Count; i++)
        {
            if (Locations[i].Type is not ("url" or "file") || string.IsNullOrWhiteSpace(Locations[i].Target))
            {
                yield return SettingProblem.Of(section, $"{nameof(Locations)}:{i}", $"{Locations[i].Type}:{Locations[i].Target}", "Type url or file, and a Target");
            }
        }

        for (var i = 0; i < Git.Repositories.Count; i++)
        {
            if (!Uri.TryCreate(Git.Repositories[i], UriKind.Absolute, out _))
            {
                yield return SettingProblem.Of(section, $"{nameof(Git)}:{nameof(Git.Repositories)}:{i}", Git.Repositories[i], "an absolute clone URL");
            }
        }
    }
}

/// <summary>What becomes of an entity that its source has no more (RFC §5.6.3).</summary>
public enum OrphanStrategy
{
    /// <summary>It leaves the catalog.</summary>
    Delete,

    /// <summary>It stays, marked as orphaned, until someone deletes it or a source has it again.</summary>
    Keep,
}

/// <summary>What becomes of an entity whose owner is not in the catalog (INV-7).</summary>
public enum UnknownOwners
{
    /// <summary>It is shown as orphaned, with the reason, until the owner appears.</summary>
    Orphan,

    /// <summary>It is shown as if the owner were there: what Backstage does, for while a Backstage catalog moves here.</summary>
    Accept,
}

/// <summary>One entry of <see cref="CatalogOptions.Locations"/>.</summary>
public sealed class StaticLocationOptions
{
    /// <summary><c>url</c> or <c>file</c>.</summary>
    public string Type { get; set; } = "url";

    /// <summary>URL or path.</summary>
    public string Target { get; set; } = "";
}

/// <summary>Section <c>Catalog:Git</c>.</summary>
public sealed class GitDiscoveryOptions
{
    /// <summary>Clone URLs.</summary>
    public IList<string> Repositories { get; } = [];

    /// <summary>Name of the files that are looked for.</summary>
    public string FileName { get; set; } = "catalog-info.yaml";

    /// <summary>Names of directories that are not searched: what is in a skeleton describes software that does not exist yet.</summary>
    public IList<string> ExcludedDirectories { get; } = ["skeleton", "node_modules"];

    /// <summary>Whether a path in a repository is that of a catalog file.</summary>
    internal bool IsCatalogFile(string path)
    {
        var names = path.Split('/');
        return names[^1] == FileName && !names.Any(ExcludedDirectories.Contains);
    }
}

/// <summary>Section <c>Catalog:Crossplane</c>.</summary>
public sealed class CrossplaneOptions
{
    /// <summary>Label of a claim that names its entity, <c>&lt;kind&gt;.&lt;namespace&gt;.&lt;name&gt;</c> in lower case.</summary>
    public string EntityLabel { get; set; } = "platform.devplatform.io/entity";

    /// <summary>Claims to watch; default: those of the shipped templates.</summary>
    public IList<ClaimKindOptions> Claims { get; } = [];
}

/// <summary>A kind of claim, as the Kubernetes API addresses it.</summary>
public sealed class ClaimKindOptions
{
    /// <summary>API group.</summary>
    public string Group { get; set; } = "";

    /// <summary>Version.</summary>
    public string Version { get; set; } = "";

    /// <summary>Plural name of the resource.</summary>
    public string Plural { get; set; } = "";
}
