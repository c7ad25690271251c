namespace DevPlatform.Access.Requests;

/// <summary>The states of an access request (RFC §10; RFC-PAM §10).</summary>
internal enum AccessState
{
    /// <summary>Waits for approvers.</summary>
    Pending,

    /// <summary>Allowed; waits for its start, or for Teleport.</summary>
    Approved,

    /// <summary>The requester has access until <see cref="AccessRequest.ExpiresAt"/>.</summary>
    Active,

    /// <summary>Nobody decided in time, or the time of access is over.</summary>
    Expired,

    /// <summary>Taken back, or given back, early.</summary>
    Revoked,

    /// <summary>An approver said no.</summary>
    Denied,

    /// <summary>The requester withdrew it before it was decided.</summary>
    Cancelled,
}

/// <summary>Which state may follow which.</summary>
internal static class AccessStates
{
    private static readonly Dictionary<AccessState, AccessState[]> Next = new()
    {
        [AccessState.Pending] = [AccessState.Approved, AccessState.Denied, AccessState.Expired, AccessState.Cancelled],
        // An approved request whose window passes before Teleport took it never becomes active.
        [AccessState.Approved] = [AccessState.Active, AccessState.Expired, AccessState.Revoked],
        [AccessState.Active] = [AccessState.Expired, AccessState.Revoked],
    };

    public static bool CanBecome(this AccessState from, AccessState to) => Next.TryGetValue(from, out var next) && next.Contains(to);

    public static bool IsFinal(this AccessState state) => !Next.ContainsKey(state);

    /// <summary>The name of the step in audit events: <c>access.request.&lt;verb&gt;</c>.</summary>
    public static string Verb(this AccessState to) => to switch
    {
        AccessState.Pending => "create",
        AccessState.Approved => "approve",
        AccessState.Active => "grant",
        AccessState.Expired => "expire",
        AccessState.Revoked => "revoke",
        AccessState.Denied => "deny",
        AccessState.Cancelled => "cancel",
        _ => throw new ArgumentOutOfRangeException(nameof(to), to, "Not a state."),
    };
}
