namespace DevPlatform.Integrations.Contracts;

/// <summary>Query: what Argo CD says about one application, asked of the tool now. Answer: <see cref="ArgoCdApplicationStatus"/>.</summary>
/// <param name="Name">The application's name.</param>
public sealed record GetArgoCdApplication(string Name);

/// <summary>Command: have Argo CD compare the application with Git at once (a reconcile trigger, not a change: INV-4).</summary>
/// <param name="Name">The application's name.</param>
public sealed record RefreshArgoCdApplication(string Name);

/// <summary>Answer to <see cref="GetArgoCdApplication"/>.</summary>
/// <param name="Name">The application.</param>
/// <param name="Found">False when Argo CD does not know it.</param>
/// <param name="SyncStatus">Synced, OutOfSync or Unknown.</param>
/// <param name="HealthStatus">Healthy, Progressing, Degraded, Suspended, Missing or Unknown.</param>
/// <param name="Revision">The Git commit that was compared last.</param>
/// <param name="SyncedRevision">The Git commit of the last successful sync.</param>
/// <param name="Phase">Phase of the last operation: Running, Succeeded, Failed, Error, Terminating.</param>
/// <param name="Message">Message of the last operation or of an error condition.</param>
public sealed record ArgoCdApplicationStatus(
    string Name,
    bool Found,
    string? SyncStatus = null,
    string? HealthStatus = null,
    string? Revision = null,
    string? SyncedRevision = null,
    string? Phase = null,
    string? Message = null);

/// <summary>Event: a branch or tag of a repository was pushed, as a verified webhook says. It may come twice.</summary>
/// <param name="CloneUrl">The repository's clone URL as the Git server knows it; its host may be another than the one we use.</param>
/// <param name="Organization">Login of the organization or user that has the repository.</param>
/// <param name="Reference">Full name: <c>refs/heads/main</c>.</param>
/// <param name="Commit">What it points at now; 40 zeros when it was deleted.</param>
public sealed record RepositoryPushed(string CloneUrl, string Organization, string Reference, string Commit);

/// <summary>Event: an organization has a repository more or less, or one under another name, as a verified webhook says.</summary>
/// <param name="Organization">Its login.</param>
/// <param name="Action">GitHub's word: created, deleted, archived, unarchived, renamed, transferred, …</param>
public sealed record RepositoryListChanged(string Organization, string Action);
