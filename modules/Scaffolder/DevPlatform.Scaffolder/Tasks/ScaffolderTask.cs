namespace DevPlatform.Scaffolder.Tasks;

/// <summary>The states of a task. All but <see cref="AwaitingApproval"/> are Backstage's.</summary>
public static class TaskStatuses
{
    public const string Open = "open";
    public const string Processing = "processing";
    public const string AwaitingApproval = "awaiting-approval";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>Only of steps.</summary>
    public const string Skipped = "skipped";

    public static bool IsTerminal(string status) => status is Completed or Failed or Cancelled;
}

/// <summary>One run of a template: everything another replica needs to continue it.</summary>
public sealed class ScaffolderTask
{
    public required Guid Id { get; init; }

    public required string TemplateRef { get; init; }

    public required string Status { get; set; }

    /// <summary>Backstage's task spec, JSON.</summary>
    public required string Spec { get; init; }

    /// <summary>The <c>Actor</c> on whose behalf the task runs, JSON.</summary>
    public required string Actor { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    public DateTimeOffset? LastHeartbeatAt { get; set; }

    /// <summary>When the task was last put on the queue; the sweep looks at it.</summary>
    public DateTimeOffset QueuedAt { get; set; }

    /// <summary>The claim of the worker that runs the task now; every write of a worker is conditional on it.</summary>
    public Guid? LeaseId { get; set; }

    /// <summary>Claims without a step finished in between; too many park the task as failed.</summary>
    public int LeaseCount { get; set; }

    public bool CancelRequested { get; set; }

    /// <summary>Secrets of the task, encrypted; null once the task has ended.</summary>
    public string? ProtectedSecrets { get; set; }

    /// <summary>What the task provisions (<c>ProvisioningRequest</c>, JSON); null for templates that provision nothing.</summary>
    public string? Request { get; init; }

    /// <summary>Environment of the provisioning request.</summary>
    public string? Environment { get; init; }

    /// <summary>The approval the task waits for, or waited for last.</summary>
    public Guid? ApprovalId { get; set; }

    /// <summary>The realm roles whose approval the task waits for, or waited for last.</summary>
    public string[]? AwaitedRoles { get; set; }

    /// <summary>The realm roles that approved something of this task.</summary>
    public string[]? ApprovedRoles { get; set; }

    /// <summary>The approvals that were given.</summary>
    public Guid[]? GivenApprovals { get; set; }

    /// <summary>Refs of those who approved; null until decided.</summary>
    public string[]? ApprovedBy { get; set; }

    /// <summary>The Git commit the task made.</summary>
    public string? Commit { get; set; }

    /// <summary>Why the task failed, masked.</summary>
    public string? Error { get; set; }
}

/// <summary>The progress of one step; present from its first start.</summary>
public sealed class TaskStep
{
    public required Guid TaskId { get; init; }

    public required string StepId { get; init; }

    public required string Status { get; set; }

    /// <summary>The outputs, JSON; encrypted when the task has secrets.</summary>
    public string? Output { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    public int Attempts { get; set; }
}

/// <summary>One line of a task's log, in Backstage's shape. Ids ascend in commit order within a task.</summary>
public sealed class TaskEvent
{
    public long Id { get; init; }

    public required Guid TaskId { get; init; }

    /// <summary>log, completion, cancelled or recovered.</summary>
    public required string Type { get; init; }

    /// <summary>JSON.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// An outside effect that can be made only once and cannot be looked up afterwards (a chat message, a mail): written down before it is made, so that a
/// step which runs again does not repeat it.
/// </summary>
public sealed class TaskEffect
{
    public required Guid TaskId { get; init; }

    /// <summary>The step's key.</summary>
    public required string Key { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The workspace after the last finished step, so that any replica can continue.</summary>
public sealed class TaskWorkspace
{
    public required Guid TaskId { get; init; }

    /// <summary>tar.gz; encrypted when the task has secrets.</summary>
    public required byte[] Content { get; set; }

    /// <summary>SHA-256 of the plain archive: unchanged workspaces are not written again.</summary>
    public required string Hash { get; set; }
}
