using DevPlatform.Shared.Identity;

namespace DevPlatform.Access.Approvals;

/// <summary>As what somebody may approve: roles after the ceiling, and teams led.</summary>
internal sealed class ApproverDirectory
{
    public string[] KeysOf(Caller caller) => ApproverKeys.Of(caller);
}
