using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Access.Requests;

/// <summary>One request for just-in-time access, from asking to its end.</summary>
internal sealed class AccessRequest
{
    public required Guid Id { get; init; }

    public required Actor RequestedBy { get; init; }

    public required string RequesterRef { get; init; }

    /// <summary>The requester's name in Teleport (<c>preferred_username</c>).</summary>
    public required string Username { get; init; }

    public required string ResourceRef { get; init; }

    public required string Target { get; init; }

    public required string Environment { get; init; }

    public required string AccessType { get; init; }

    /// <summary>How long the access lasts once active, extensions included.</summary>
    public required TimeSpan Duration { get; set; }

    /// <summary>The longest it may last, extensions included.</summary>
    public required TimeSpan MaximumDuration { get; init; }

    public required string Justification { get; init; }

    public required bool Urgent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the access is to begin; null = as soon as it is approved.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>What was approved is fixed when it is asked for: later changes of the entity do not move the grant elsewhere.</summary>
    public required string TeleportResource { get; init; }

    public string? VaultRole { get; init; }

    public AccessState State { get; private set; } = AccessState.Pending;

    public Guid? ApprovalId { get; set; }

    public DateTimeOffset? ApprovedAt { get; private set; }

    public DateTimeOffset? ActivatedAt { get; private set; }

    /// <summary>The end of the grant, once active.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it ended, or why it does not get on.</summary>
    public string? Message { get; set; }

    public ExtensionRequest? Extension { get; set; }

    public TeleportLink Teleport { get; init; } = new();

    public CredentialLease Credential { get; init; } = new();

    /// <summary>PostgreSQL's row version: of two changes at once, the second is told.</summary>
    public uint Version { get; init; }

    /// <summary>When nobody uses it before this time, an approved request lapses: it would be another situation than the one approved.</summary>
    public DateTimeOffset ActivationDeadline => (StartAt > ApprovedAt ? StartAt : ApprovedAt)!.Value + MaximumDuration;

    /// <summary>Goes to another state.</summary>
    /// <param name="to">The state to go to.</param>
    /// <param name="now">When.</param>
    /// <param name="message">Why.</param>
    /// <param name="until">The end of the grant, when it becomes active; absent = its duration from now.</param>
    /// <exception cref="ConflictException">That state cannot follow the current one.</exception>
    public void Become(AccessState to, DateTimeOffset now, string? message, DateTimeOffset? until = null)
    {
        if (!State.CanBecome(to))
        {
            throw new ConflictException($"Access request {Id} is {State}; it cannot become {to}");
        }

        State = to;
        Message = message;
        switch (to)
        {
            case AccessState.Approved:
                ApprovedAt = now;
                break;
            case AccessState.Active:
                ActivatedAt = now;
                ExpiresAt = until ?? now + Duration;
                break;
            default:
                EndedAt = now;
                Extension = null;
                break;
        }
    }

    /// <summary>Lengthens an active grant.</summary>
    public void Extend(TimeSpan by)
    {
        RequireActive("extended");
        Duration += by;
        ExpiresAt += by;
        Extension = null;
        Teleport.Generation++;
    }

    /// <exception cref="ConflictException">It is not active.</exception>
    public void RequireActive(string what)
    {
        if (State != AccessState.Active)
        {
            throw new ConflictException($"Access request {Id} is {State}; only one that is Active can be {what}");
        }
    }
}

/// <summary>An extension that waits for approval.</summary>
internal sealed class ExtensionRequest
{
    public required Guid ApprovalId { get; init; }

    public required TimeSpan Duration { get; init; }

    public required string Justification { get; init; }
}

/// <summary>Where the request stands in Teleport.</summary>
internal sealed class TeleportLink
{
    /// <summary>Teleport's id of the access request.</summary>
    public string? RequestId { get; set; }

    /// <summary>Grows with every extension: Teleport requests cannot be lengthened, so each has its own.</summary>
    public int Generation { get; set; }

    /// <summary>When Teleport has to be told next; null = it knows.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public int Attempts { get; set; }
}

/// <summary>The dynamic credential's lease. The credential itself is never here (INV-9).</summary>
internal sealed class CredentialLease
{
    /// <summary>Somebody is issuing it: of two calls at once, one gets it.</summary>
    public DateTimeOffset? ReservedAt { get; set; }

    public string? LeaseId { get; set; }

    public DateTimeOffset? IssuedAt { get; set; }

    /// <summary>Vault confirmed that the credential is gone.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When Vault has to be told next; null = nothing to tell.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public int Attempts { get; set; }
}
