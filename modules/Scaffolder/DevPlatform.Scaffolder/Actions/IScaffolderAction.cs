using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Scaffolder.Actions;

/// <summary>With which credential an action reaches outside (INV-15).</summary>
internal enum CredentialKind
{
    /// <summary>None needed: the action stays inside the platform.</summary>
    None,

    /// <summary>A service account of the platform.</summary>
    ServiceAccount,

    /// <summary>The caller's own token.</summary>
    ForwardedUserToken,

    /// <summary>A short-lived credential from Vault.</summary>
    VaultIssued,
}

/// <summary>Which outside system an action touches; <see cref="Nothing"/> says that it touches none.</summary>
/// <param name="System">The system's name: git, argocd; <c>none</c>.</param>
/// <param name="Credential">How it is reached.</param>
internal sealed record OutsideAccess(string System, CredentialKind Credential)
{
    public static readonly OutsideAccess Nothing = new("none", CredentialKind.None);
}

/// <summary>What an action says about itself. Everything is required; <see cref="ActionRegistry"/> stops start-up when something is missing.</summary>
internal sealed record ActionDefinition
{
    public string? Id { get; init; }

    public string? Description { get; init; }

    public JsonObject? InputSchema { get; init; }

    public JsonObject? OutputSchema { get; init; }

    /// <summary>Checked for whoever starts a task with this action (INV-14).</summary>
    public Permission? Permission { get; init; }

    /// <summary>INV-15.</summary>
    public OutsideAccess? Outside { get; init; }

    /// <summary>Whether a dry run may run it: it touches nothing outside, or looks at <see cref="ActionContext.IsDryRun"/>.</summary>
    public bool SupportsDryRun { get; init; }

    /// <summary>YAML of a step, shown in the list of actions.</summary>
    public string? Example { get; init; }

    /// <summary>Longest run; null for the configured limit.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>
/// A step's work. One instance serves all tasks. Running it again with the same <see cref="ActionContext.StepKey"/> after a crash must not
/// repeat an outside effect.
/// </summary>
internal interface IScaffolderAction
{
    ActionDefinition Definition { get; }

    Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken);
}
