namespace DevPlatform.Integrations.Tools;

/// <summary>A tool of the library (RFC §11): data only. Shipped in <c>tools.json</c>; section <c>Tools:Library</c> adds and replaces by id.</summary>
public sealed class ToolDefinition
{
    /// <summary>Id, used in <c>tool.&lt;id&gt;.open</c> and URLs.</summary>
    public string Id { get; set; } = "";

    /// <summary>Name for people.</summary>
    public string Name { get; set; } = "";

    /// <summary>Category, e.g. GitOps.</summary>
    public string Category { get; set; } = "";

    /// <summary>One sentence.</summary>
    public string Description { get; set; } = "";

    /// <summary>Icon key of the portal.</summary>
    public string Icon { get; set; } = "";

    /// <summary>Base URL; null leaves the tool out. Falls back to <c>Tools:Urls:&lt;id&gt;</c>, then to <see cref="Resource"/>.</summary>
    public Uri? Url { get; set; }

    /// <summary>Service discovery name of the tool's web interface, where the topology runs one.</summary>
    public string? Resource { get; set; }

    /// <summary>Path that answers 2xx while the tool works; null is not probed.</summary>
    public string? HealthPath { get; set; }

    /// <summary>Deep links into the tool.</summary>
    public List<ToolLinkTemplate> Links { get; set; } = [];
}

/// <summary>A deep link for entities of some kinds.</summary>
public sealed class ToolLinkTemplate
{
    /// <summary>What it shows.</summary>
    public string Title { get; set; } = "";

    /// <summary>Path and query with <c>{parameter}</c>s, relative to the tool's URL.</summary>
    public string Template { get; set; } = "";

    /// <summary>Entity kinds, lower case; empty means any.</summary>
    public List<string> Kinds { get; set; } = [];

    /// <summary><c>spec.type</c>s; empty means any.</summary>
    public List<string> Types { get; set; } = [];

    /// <summary>
    /// Where each parameter comes from, first that yields a value: <c>annotation:&lt;key&gt;</c>, <c>label:&lt;key&gt;</c>,
    /// <c>entity:&lt;dotted path&gt;</c>, <c>user:username</c>, <c>value:&lt;text&gt;</c>.
    /// </summary>
    public Dictionary<string, List<string>> Parameters { get; set; } = [];
}
