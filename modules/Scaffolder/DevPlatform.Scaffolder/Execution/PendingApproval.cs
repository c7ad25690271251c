namespace DevPlatform.Scaffolder.Execution;

/// <summary>What a step asks people for.</summary>
/// <param name="Id">The same however often the step runs.</param>
/// <param name="StepId">The step that waits.</param>
/// <param name="Title">One line for the inbox.</param>
/// <param name="Reason">Why it is needed.</param>
/// <param name="Roles">Realm roles, all of which must approve.</param>
/// <param name="ResourceRef">The entity concerned, or null.</param>
internal sealed record PendingApproval(Guid Id, string StepId, string Title, string Reason, IReadOnlyList<string> Roles, string? ResourceRef);

/// <summary>Thrown by a step that cannot go on before people have decided: the run ends, the task does not.</summary>
internal sealed class ApprovalNeededException(PendingApproval approval) : Exception(approval.Reason)
{
    public PendingApproval Approval { get; } = approval;
}
