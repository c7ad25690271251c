using System.Security.Cryptography;
using System.Text;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>What a step asks people for.</summary>
/// <param name="Id">The same however often the step runs.</param>
/// <param name="StepId">The step that waits.</param>
/// <param name="Title">One line for the inbox.</param>
/// <param name="Reason">Why it is needed.</param>
/// <param name="Roles">Realm roles, all of which must approve.</param>
/// <param name="ResourceRef">The entity concerned, or null.</param>
internal sealed record PendingApproval(Guid Id, string StepId, string Title, string Reason, IReadOnlyList<string> Roles, string? ResourceRef)
{
    /// <summary>The same for every run of a step: asking again finds what was asked.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="what">What is asked, within the task.</param>
    public static Guid IdOf(Guid taskId, string what) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{taskId}/{what}"))[..16]);
}

/// <summary>Thrown by a step that cannot go on before people have decided: the run ends, the task does not.</summary>
internal sealed class ApprovalNeededException(PendingApproval approval) : Exception(approval.Reason)
{
    public PendingApproval Approval { get; } = approval;
}
