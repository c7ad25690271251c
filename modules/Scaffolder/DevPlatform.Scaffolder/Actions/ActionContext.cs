using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts;
using DevPlatform.Scaffolder.Actions.Fetch;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Scaffolder.Tasks;
using Wolverine;

namespace DevPlatform.Scaffolder.Actions;

/// <summary>What an action is given.</summary>
internal sealed class ActionContext
{
    public required Guid TaskId { get; init; }

    /// <summary>The step's id, with the item's key in an <c>each</c> (<c>commit[2]</c>): the idempotency key of outside effects.</summary>
    public required string StepKey { get; init; }

    /// <summary>When the step first began, on whichever replica.</summary>
    public required DateTimeOffset StepStartedAt { get; init; }

    public required DateTimeOffset TaskCreatedAt { get; init; }

    public required TaskSpec Spec { get; init; }

    public required Actor Actor { get; init; }

    /// <summary>Refs that own what the actor owns, as the token said when the task was made.</summary>
    public IReadOnlyList<string> OwnershipRefs { get; init; } = [];

    public required Workspace Workspace { get; init; }

    /// <summary>Rendered and checked against the action's schema.</summary>
    public required JsonObject Input { get; init; }

    public required TaskSecrets Secrets { get; init; }

    /// <summary>What the task provisions; null when nothing.</summary>
    public ProvisioningRequest? Request { get; init; }

    /// <summary>The files beside the template of a dry run, in which nothing outside may be touched; null for a real task.</summary>
    public IReadOnlyList<FetchedFile>? DryRunFiles { get; init; }

    public bool IsDryRun => DryRunFiles is not null;

    public IReadOnlyList<string> ApprovedBy { get; init; } = [];

    /// <summary>The realm roles that approved something of the task.</summary>
    public IReadOnlyList<string> ApprovedRoles { get; init; } = [];

    /// <summary>The approvals that the task was given.</summary>
    public IReadOnlyList<Guid> GivenApprovals { get; init; } = [];

    /// <summary>
    /// To be asked right before an outside effect that cannot be looked up afterwards; false when an interrupted run of this step may have made it.
    /// </summary>
    public Func<Task<bool>> TryClaimEffectAsync { get; init; } = () => Task.FromResult(true);

    /// <summary>For queries and commands to other modules.</summary>
    public required IMessageBus Bus { get; init; }

    /// <summary>Writes a line to the task's log; secrets are masked on the way.</summary>
    public required Func<string, Task> LogAsync { get; init; }

    public JsonObject Output { get; } = [];

    /// <summary>The Git commit of the task; set by the step that makes it.</summary>
    public string? Commit { get; set; }

    public string? Text(string name) => Input[name] is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;

    public bool Flag(string name) => Input[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public string[] Texts(string name) => Input[name] is JsonArray list ? [.. list.Select(i => i?.ToString() ?? "")] : [];
}
