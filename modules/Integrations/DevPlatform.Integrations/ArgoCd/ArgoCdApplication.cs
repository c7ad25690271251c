namespace DevPlatform.Integrations.ArgoCd;

// The parts of Argo CD's Application that are read (REST API v1alpha1); members are named as on the wire.

/// <summary>An Argo CD Application.</summary>
public sealed record ArgoCdApplication(ArgoCdMetadata Metadata, ArgoCdSpec? Spec, ArgoCdStatus? Status);

/// <summary>Kubernetes metadata of an Application.</summary>
public sealed record ArgoCdMetadata(string Name, string? Namespace);

/// <summary>Where an Application comes from and goes to.</summary>
public sealed record ArgoCdSpec(string? Project, ArgoCdSource? Source, ArgoCdDestination? Destination);

/// <summary>A Git source.</summary>
public sealed record ArgoCdSource(string? RepoURL, string? Path, string? TargetRevision);

/// <summary>A target cluster and namespace.</summary>
public sealed record ArgoCdDestination(string? Server, string? Name, string? Namespace);

/// <summary>What Argo CD found.</summary>
public sealed record ArgoCdStatus(
    ArgoCdSync? Sync,
    ArgoCdHealth? Health,
    ArgoCdOperationState? OperationState,
    IReadOnlyList<ArgoCdHistory>? History,
    IReadOnlyList<ArgoCdCondition>? Conditions,
    DateTimeOffset? ReconciledAt);

/// <summary>Comparison with Git: Synced, OutOfSync or Unknown.</summary>
public sealed record ArgoCdSync(string? Status, string? Revision);

/// <summary>Healthy, Progressing, Degraded, Suspended, Missing or Unknown.</summary>
public sealed record ArgoCdHealth(string? Status, string? Message);

/// <summary>The last sync operation.</summary>
public sealed record ArgoCdOperationState(
    string? Phase, string? Message, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, ArgoCdSyncResult? SyncResult);

/// <summary>What was synced.</summary>
public sealed record ArgoCdSyncResult(string? Revision);

/// <summary>A past sync.</summary>
public sealed record ArgoCdHistory(long Id, string? Revision, DateTimeOffset? DeployedAt);

/// <summary>A problem that Argo CD reports.</summary>
public sealed record ArgoCdCondition(string? Type, string? Message);
