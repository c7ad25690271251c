using DevPlatform.Access.Contracts;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Scaffolder.Contracts;

namespace DevPlatform.Integrations.Notifications;

/// <summary>Access became active.</summary>
public static class AccessGrantedHandler
{
    /// <summary>Tells the user until when.</summary>
    public static Notify Handle(AccessGranted granted)
    {
        ArgumentNullException.ThrowIfNull(granted);
        return new Notify(
            $"access:{granted.RequestId}:granted", [granted.UserRef], "access", "access", $"You have access to {Names.Of(granted.ResourceRef)}",
            $"Until {granted.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC", PortalLinks.AccessRequest(granted.RequestId), Scope: $"access-request:{granted.RequestId}");
    }
}

/// <summary>Access ended.</summary>
public static class AccessEndedHandler
{
    /// <summary>Tells the user why.</summary>
    public static Notify Handle(AccessEnded ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        return new Notify(
            $"access:{ended.RequestId}:ended", [ended.UserRef], "access", "access", $"Your access to {Names.Of(ended.ResourceRef)} has {Word(ended.Cause)}", null,
            PortalLinks.AccessRequest(ended.RequestId), ended.Cause == "revoked" ? NotificationSeverity.High : NotificationSeverity.Low, $"access-request:{ended.RequestId}");
    }

    private static string Word(string cause) => cause == "revoked" ? "been revoked" : cause;
}

/// <summary>A task ended or waits.</summary>
public static class TaskStatusChangedHandler
{
    /// <summary>Tells who started it; what they cancelled themselves they know.</summary>
    public static Notify? Handle(TaskStatusChanged changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var template = Names.Of(changed.TemplateRef);
        var (title, severity) = changed.Status switch
        {
            "completed" => ($"{template} is done", NotificationSeverity.Normal),
            "failed" => ($"{template} failed", NotificationSeverity.High),
            "awaiting-approval" => ($"{template} waits for an approval", NotificationSeverity.Low),
            _ => (null, NotificationSeverity.Normal),
        };
        return title is null ? null : new Notify(
            $"task:{changed.TaskId}:{changed.Status}", [changed.CreatedBy], "scaffolder", "template-runs", title,
            changed.Commit is null ? null : $"Commit {changed.Commit[..Math.Min(changed.Commit.Length, 10)]}", $"/create/tasks/{changed.TaskId}", severity,
            $"task:{changed.TaskId}");
    }
}

/// <summary>Entity refs as people read them.</summary>
internal static class Names
{
    public static string Of(string entityRef) => entityRef[(entityRef.LastIndexOf('/') + 1)..];
}
