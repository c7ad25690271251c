namespace DevPlatform.MockTools.ArgoCd;

/// <summary>Settings of Argo CD, section <c>ArgoCd</c>.</summary>
internal sealed class ArgoCdOptions
{
    /// <summary>API token of the automation account <c>portal</c>.</summary>
    public string? Token { get; set; }

    /// <summary>Passwords of local accounts, for <c>POST /api/v1/session</c>.</summary>
    public Dictionary<string, string> Users { get; } = new(StringComparer.Ordinal);

    /// <summary>Account for the Git repositories; without it they are read anonymously.</summary>
    public string? RepoUsername { get; set; }

    public string? RepoPassword { get; set; }

    /// <summary>Seconds between looks at the repositories and the cluster.</summary>
    public double PollSeconds { get; set; } = 3;

    /// <summary>Secret of <c>POST /api/webhook</c>; without it anybody may ask for a refresh.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Where clones are kept; scratch.</summary>
    public string Clones { get; set; } = Path.Combine(Path.GetTempPath(), $"devplatform-argocd-{Environment.ProcessId}-{Guid.NewGuid():n}");

    public static ArgoCdOptions From(IConfiguration configuration)
    {
        var options = new ArgoCdOptions();
        configuration.GetSection("ArgoCd").Bind(options);
        return options;
    }
}
