using DevPlatform.Integrations.Contracts;

namespace DevPlatform.Access.Approvals;

/// <summary>What the portal tells of approvals: to the approvers while they may decide, then to who asked.</summary>
internal static class ApprovalNotices
{
    private const string Origin = "access";
    private const string Topic = "approvals";

    public static Notify Asked(Approval approval) => new(
        $"approval:{approval.Id}:{(approval.EscalatedAt is null ? "asked" : "escalated")}", approval.ApproverKeys, Origin, Topic, $"To approve: {approval.Title}",
        $"{approval.RequestedBy.Name ?? approval.RequesterRef}: {approval.Reason}", PortalLinks.Approval(approval.Id), NotificationSeverity.High, ScopeOf(approval),
        approval.RequesterRef);

    public static Notify Ended(Approval approval, string? reason) => new(
        $"approval:{approval.Id}:ended", [approval.RequesterRef], Origin, Topic, $"{approval.State}: {approval.Title}", reason, PortalLinks.Approval(approval.Id),
        approval.State switch
        {
            ApprovalState.Approved => NotificationSeverity.Normal,
            ApprovalState.Cancelled => NotificationSeverity.Low,
            _ => NotificationSeverity.High,
        },
        ScopeOf(approval));

    private static string ScopeOf(Approval approval) => $"approval:{approval.Id}";
}
