using System.ComponentModel.DataAnnotations;
using DevPlatform.Scaffolder.Actions.GitHub;
using DevPlatform.Scaffolder.Actions.Notifications;
using DevPlatform.Scaffolder.Actions.Schemas;
using DevPlatform.Scaffolder.Guardrails;

namespace DevPlatform.Scaffolder;

/// <summary>Section <c>Scaffolder</c>; validated at start.</summary>
public sealed class ScaffolderOptions
{
    public const string Section = "Scaffolder";

    /// <summary>Where workspaces of running tasks live; they are scratch, PostgreSQL has the copy that counts. Replicas may share it.</summary>
    [Required]
    public string WorkingDirectory { get; set; } = Path.Combine(Path.GetTempPath(), "devplatform", "scaffolder");

    public TaskOptions Tasks { get; set; } = new();

    public WorkspaceOptions Workspace { get; set; } = new();

    public GitOpsOptions GitOps { get; set; } = new();

    public GuardrailOptions Guardrails { get; set; } = new();

    /// <summary>GitHub hosts that templates publish to.</summary>
    public IList<GitHubHostOptions> GitHub { get; } = [];

    public NotificationOptions Notifications { get; set; } = new();

    public SchemaRegistryOptions SchemaRegistry { get; set; } = new();

    public ExternalSecretOptions ExternalSecrets { get; set; } = new();
}

/// <summary>How tasks run.</summary>
public sealed class TaskOptions
{
    /// <summary>Tasks that one replica runs at a time.</summary>
    [Range(1, 1000)]
    public int MaxConcurrent { get; set; } = 20;

    /// <summary>How often a worker says that it is alive.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A task whose worker was silent for so long is given to another.</summary>
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often each replica looks for such tasks.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest run of one step, where the action sets no limit of its own.</summary>
    public TimeSpan StepTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Longest dry run, all steps together.</summary>
    public TimeSpan DryRunTimeout { get; set; } = TimeSpan.FromSeconds(50);

    /// <summary>A task that was claimed so often without finishing a step takes its worker down each time: it is parked as failed.</summary>
    [Range(1, 100)]
    public int MaxClaimsWithoutProgress { get; set; } = 5;
}

/// <summary>Limits of a workspace.</summary>
public sealed class WorkspaceOptions
{
    [Range(1, int.MaxValue)]
    public int MaxFiles { get; set; } = 10_000;

    [Range(1024, long.MaxValue)]
    public long MaxBytes { get; set; } = 64L * 1024 * 1024;
}

/// <summary>The GitOps repository and who commits to it.</summary>
public sealed class GitOpsOptions
{
    /// <summary>Clone URL; empty when the templates of this installation commit nothing.</summary>
    public string Repository { get; set; } = "";

    [Required]
    public string Branch { get; set; } = "main";

    /// <summary>The service account as Git's committer.</summary>
    [Required]
    public string CommitterName { get; set; } = "DevPlatform";

    [Required]
    public string CommitterEmail { get; set; } = "devplatform@users.noreply.devplatform.io";

    /// <summary>How often a push is tried again on a branch that others moved.</summary>
    [Range(1, 1000)]
    public int MaxPushAttempts { get; set; } = 50;

    /// <summary>
    /// Further repositories that templates may write to: clone URLs, or <c>&lt;server&gt;/&lt;organization&gt;/*</c> for all of an organization. The GitOps
    /// repository always is one.
    /// </summary>
    public IList<string> AllowedRepositories { get; } = [];

    /// <summary>Longest commit, all attempts to push together.</summary>
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a task waits for somebody to merge its pull request.</summary>
    public TimeSpan PullRequestTimeout { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How often it looks.</summary>
    public TimeSpan PullRequestPollInterval { get; set; } = TimeSpan.FromSeconds(15);
}

/// <summary>What ExternalSecrets written into Git refer to.</summary>
public sealed class ExternalSecretOptions
{
    /// <summary>Vault as the cluster reaches it.</summary>
    [Required]
    public string VaultAddress { get; set; } = "http://vault.vault.svc:8200";

    /// <summary>Mount path of Vault's Kubernetes auth method.</summary>
    [Required]
    public string KubernetesAuthMount { get; set; } = "kubernetes";

    /// <summary>Service account in the claim's namespace that reads the secret.</summary>
    [Required]
    public string ServiceAccount { get; set; } = "default";
}
