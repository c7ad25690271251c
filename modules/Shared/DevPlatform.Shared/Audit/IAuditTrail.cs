using DevPlatform.Identity.Contracts;

namespace DevPlatform.Shared.Audit;

/// <summary>The values of <see cref="RecordAuditEvent.Result"/>.</summary>
public static class AuditResult
{
    /// <summary>It was done.</summary>
    public const string Success = "success";

    /// <summary>It was not allowed.</summary>
    public const string Denied = "denied";

    /// <summary>It was tried and failed.</summary>
    public const string Failure = "failure";
}

/// <summary>
/// Records audit events that belong to no database transaction (denials, sign-ins). Those that do are published through the module's
/// outbox: <c>outbox.PublishAsync(audit.Event(…))</c>.
/// </summary>
public interface IAuditTrail
{
    /// <summary>Makes an event with the current time and request id, to be published through an outbox.</summary>
    RecordAuditEvent Event(
        Actor actor, string action, string? resource, string result, string? reason = null, string? taskId = null, string? commit = null);

    /// <summary>Makes and durably queues an event.</summary>
    Task RecordAsync(Actor actor, string action, string? resource, string result, string? reason = null);
}
