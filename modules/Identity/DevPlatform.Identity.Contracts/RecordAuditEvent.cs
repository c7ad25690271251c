namespace DevPlatform.Identity.Contracts;

/// <summary>
/// Command to Identity: append one event to the audit trail. Send it through the outbox, in the transaction of what it reports. It must never
/// carry a secret or a token.
/// </summary>
/// <param name="EventId">Makes a redelivered command harmless.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Action">What, dotted: <c>scaffolder.task.create</c>, <c>access.request.approve</c>, <c>permission.denied</c>.</param>
/// <param name="Resource">On what: an entity ref, <c>task:&lt;id&gt;</c>, <c>access-request:&lt;id&gt;</c>; null when there is none.</param>
/// <param name="Result"><c>success</c>, <c>denied</c> or <c>failure</c>.</param>
/// <param name="Reason">Why: the justification given, the rule that denied, the error.</param>
/// <param name="RequestId">The HTTP request's trace id.</param>
/// <param name="TaskId">The scaffolder task, when there is one.</param>
/// <param name="Commit">The Git commit made, when there is one.</param>
/// <param name="Before">JSON before a metadata change.</param>
/// <param name="After">JSON after it.</param>
public sealed record RecordAuditEvent(
    Guid EventId,
    DateTimeOffset OccurredAt,
    Actor Actor,
    string Action,
    string? Resource,
    string Result,
    string? Reason = null,
    string? RequestId = null,
    string? TaskId = null,
    string? Commit = null,
    string? Before = null,
    string? After = null);
