namespace DevPlatform.MockTools.Kubernetes;

/// <summary>Settings of the Kubernetes API, section <c>Kubernetes</c>.</summary>
internal sealed class KubernetesOptions
{
    /// <summary>Bearer tokens by user name. Requests without one of them are 401.</summary>
    public Dictionary<string, string> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Role by user name: <c>cluster-admin</c> (default) or <c>view</c> (reads everything but secrets).</summary>
    public Dictionary<string, string> Roles { get; } = new(StringComparer.Ordinal);

    /// <summary>Directories of YAML files applied at start, with everything below them.</summary>
    public IReadOnlyList<string> Manifests { get; set; } = [];

    /// <summary>File the state is kept in; without it the state dies with the process.</summary>
    public string? Data { get; set; }

    /// <summary>Seconds between the bookmarks of a watch.</summary>
    public double BookmarkSeconds { get; set; } = 60;

    /// <summary>How many changes a watch may lag behind before it is told 410.</summary>
    public int History { get; set; } = 10_000;

    /// <summary>What <c>__GIT_BASE_URL__</c> in manifests stands for.</summary>
    public string? GitBaseUrl { get; set; }

    public static KubernetesOptions From(IConfiguration configuration)
    {
        var options = new KubernetesOptions();
        var section = configuration.GetSection("Kubernetes");
        section.Bind(options);
        var manifests = section.GetSection("Manifests");
        options.Manifests = manifests.Value is { Length: > 0 } single
            ? single.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. manifests.GetChildren().Select(c => c.Value!)];
        options.GitBaseUrl = configuration["services:git:http:0"]?.TrimEnd('/');
        foreach (var (user, role) in options.Roles.Where(r => r.Value is not ("cluster-admin" or "view")))
        {
            throw new InvalidOperationException($"Kubernetes:Roles:{user}: '{role}'; allowed: cluster-admin, view");
        }

        return options;
    }
}
