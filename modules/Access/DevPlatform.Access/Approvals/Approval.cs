using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Access.Approvals;

/// <summary>The states of an approval.</summary>
internal enum ApprovalState
{
    /// <summary>Waits for approvers.</summary>
    Pending,

    /// <summary>Everybody needed said yes.</summary>
    Approved,

    /// <summary>Somebody said no.</summary>
    Denied,

    /// <summary>Nobody decided in time.</summary>
    Expired,

    /// <summary>Whoever asked needs it no more.</summary>
    Cancelled,
}

/// <summary>One approver's answer.</summary>
/// <param name="By">Who.</param>
/// <param name="Approve">Yes or no.</param>
/// <param name="Comment">Why.</param>
/// <param name="At">When.</param>
/// <param name="Keys">The approver keys held that count here.</param>
internal sealed record Vote(Actor By, bool Approve, string? Comment, DateTimeOffset At, IReadOnlyList<string> Keys);

/// <summary>A question to approvers on behalf of a subject: an access request, a scaffolder task, whatever another module asks about.</summary>
internal sealed class Approval
{
    public required Guid Id { get; init; }

    public required string SubjectType { get; init; }

    public required string SubjectId { get; init; }

    public required string Title { get; init; }

    public string? Reason { get; init; }

    public required Actor RequestedBy { get; init; }

    public required string RequesterRef { get; init; }

    public string? ResourceRef { get; init; }

    public string? Environment { get; init; }

    public required ApprovalRule Rule { get; set; }

    /// <summary>The rule's keys as an array, for finding what somebody may decide.</summary>
    public required string[] ApproverKeys { get; set; }

    public IReadOnlyList<Vote> Votes { get; private set; } = [];

    public ApprovalState State { get; private set; } = ApprovalState.Pending;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset EscalateAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EscalatedAt { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>PostgreSQL's row version: of two reviewers at once, the second decides on what the first left.</summary>
    public uint Version { get; init; }

    /// <summary>Counts an answer; one no denies, enough yeses approve.</summary>
    /// <exception cref="ConflictException">It is decided, has run out, or this person has answered.</exception>
    public void Decide(Vote vote)
    {
        RequirePending(vote.At);
        if (Votes.Any(v => IsSamePerson(v.By, vote.By)))
        {
            throw new ConflictException($"Approval {Id} is {State}, and you have already approved it; it waits for another approver");
        }

        Votes = [.. Votes, vote];
        if (!vote.Approve)
        {
            End(ApprovalState.Denied, vote.At);
        }
        else if (Rule.IsSatisfiedBy([.. Votes.Select(v => v.Keys)]))
        {
            End(ApprovalState.Approved, vote.At);
        }
    }

    public bool IsRequestedBy(Actor actor) => IsSamePerson(RequestedBy, actor);

    /// <summary>Lets more people decide.</summary>
    public void Escalate(IReadOnlyList<string> keys, DateTimeOffset now)
    {
        EscalatedAt = now;
        Rule = Rule.With(keys);
        ApproverKeys = [.. Rule.Keys];
    }

    /// <summary>Ends without an answer.</summary>
    public void End(ApprovalState state, DateTimeOffset now)
    {
        State = state;
        DecidedAt = now;
    }

    // The message that expires it may be a moment late; an answer after the deadline is late all the same.
    private void RequirePending(DateTimeOffset now)
    {
        if (State != ApprovalState.Pending || now >= ExpiresAt)
        {
            throw new ConflictException($"Approval {Id} is {(State == ApprovalState.Pending ? ApprovalState.Expired : State)}; only one that is Pending can be reviewed");
        }
    }

    private static bool IsSamePerson(Actor one, Actor other) =>
        string.Equals(one.UserRef, other.UserRef, StringComparison.OrdinalIgnoreCase) || (one.Subject is not null && one.Subject == other.Subject);
}
