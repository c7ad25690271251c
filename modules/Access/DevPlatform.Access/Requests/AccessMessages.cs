namespace DevPlatform.Access.Requests;

/// <summary>Command: bring Teleport to what the request's state says, and let an approved request begin.</summary>
/// <param name="RequestId">The access request.</param>
public sealed record SyncTeleport(Guid RequestId);

/// <summary>Command: end the access whose time is over (does nothing before that).</summary>
/// <param name="RequestId">The access request.</param>
public sealed record ExpireAccess(Guid RequestId);

/// <summary>Command: tell the user that their access is about to end (does nothing before that).</summary>
/// <param name="RequestId">The access request.</param>
public sealed record WarnOfExpiry(Guid RequestId);

/// <summary>Command: have Vault bring the credential's lease to what the request's state says: the new end, or revoked.</summary>
/// <param name="RequestId">The access request.</param>
public sealed record SyncLease(Guid RequestId);

/// <summary>Command: escalate, or expire, an approval whose time has come.</summary>
/// <param name="ApprovalId">The approval.</param>
public sealed record CheckApproval(Guid ApprovalId);
