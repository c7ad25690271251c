using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Access.Contracts;

/// <summary>Permissions guarded by the Access module (RFC §10, §8.3.3).</summary>
public static class AccessPermissions
{
    /// <summary>Ask for access (alias <c>jit-access.request</c>).</summary>
    public static readonly Permission RequestCreate = new("access.request.create", "create");

    /// <summary>See requests: one's own, and those one may review.</summary>
    public static readonly Permission RequestRead = new("access.request.read", "read");

    /// <summary>Approve or deny (alias <c>jit-access.approve</c>).</summary>
    public static readonly Permission RequestReview = new("access.request.review", "update");

    /// <summary>End somebody's access early.</summary>
    public static readonly Permission RequestRevoke = new("access.request.revoke", "delete");

    /// <summary>See session recordings of others.</summary>
    public static readonly Permission RecordingRead = new("access.recording.read", "read");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Permission> All = [RequestCreate, RequestRead, RequestReview, RequestRevoke, RecordingRead];
}
