using System.ComponentModel.DataAnnotations;

namespace DevPlatform.Catalog;

/// <summary>Section <c>Catalog</c>.</summary>
public sealed class CatalogOptions
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
    [Range(typeof(TimeSpan), "00:00:01", "24:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time for reading one file over HTTP.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Largest file that is read, in bytes.</summary>
    [Range(1024, 100_000_000)]
    public int MaxFileBytes { get; set; } = 5_000_000;

    /// <summary>Most files that one location may lead to.</summary>
    [Range(1, 1_000_000)]
    public int MaxFilesPerLocation { get; set; } = 20_000;

    /// <summary>Claims watched in the cluster.</summary>
    public CrossplaneOptions Crossplane { get; } = new();
}

/// <summary>One entry of <see cref="CatalogOptions.Locations"/>.</summary>
public sealed class StaticLocationOptions
{
    /// <summary><c>url</c> or <c>file</c>.</summary>
    [Required]
    public string Type { get; set; } = "url";

    /// <summary>URL or path.</summary>
    [Required]
    public string Target { get; set; } = "";
}

/// <summary>Section <c>Catalog:Git</c>.</summary>
public sealed class GitDiscoveryOptions
{
    /// <summary>Clone URLs.</summary>
    public IList<string> Repositories { get; } = [];

    /// <summary>Name of the files that are looked for.</summary>
    [Required]
    public string FileName { get; set; } = "catalog-info.yaml";

    /// <summary>Names of directories that are not searched: what is in a skeleton describes software that does not exist yet.</summary>
    public IList<string> ExcludedDirectories { get; } = ["skeleton", "node_modules"];
}

/// <summary>Section <c>Catalog:Crossplane</c>.</summary>
public sealed class CrossplaneOptions
{
    /// <summary>Label of a claim that names its entity, <c>&lt;kind&gt;.&lt;namespace&gt;.&lt;name&gt;</c> in lower case.</summary>
    [Required]
    public string EntityLabel { get; set; } = "platform.devplatform.io/entity";

    /// <summary>Claims to watch; default: PostgreSQL instances.</summary>
    public IList<ClaimKindOptions> Claims { get; } = [];
}

/// <summary>A kind of claim, as the Kubernetes API addresses it.</summary>
public sealed class ClaimKindOptions
{
    /// <summary>API group.</summary>
    [Required]
    public string Group { get; set; } = "";

    /// <summary>Version.</summary>
    [Required]
    public string Version { get; set; } = "";

    /// <summary>Plural name of the resource.</summary>
    [Required]
    public string Plural { get; set; } = "";
}
