using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DevPlatform.Integrations.Notifications;

/// <summary>A notification as Backstage's frontend reads it.</summary>
internal sealed record NotificationView(
    Guid Id, string? User, DateTime Created, DateTime? Saved, DateTime? Read, DateTime? Updated, string Origin, NotificationPayload Payload)
{
    public static NotificationView Of(Notification notification, string userRef)
    {
        var mark = notification.Marks.Find(m => m.UserRef == userRef);
        return Of(notification, notification.Audience.Contains(userRef) ? userRef : null, mark);
    }

    /// <summary>One for each user that it was sent to, as Backstage answers, and one without user for all others.</summary>
    public static NotificationView[] OfSent(Notification notification) =>
        [.. notification.Audience.Select(a => a.StartsWith("user:", StringComparison.Ordinal) ? a : null).Distinct().Select(user => Of(notification, user, null))];

    private static NotificationView Of(Notification notification, string? user, NotificationMark? mark) =>
        new(
            notification.Id,
            user,
            notification.CreatedAt.UtcDateTime,
            mark?.SavedAt?.UtcDateTime,
            mark?.ReadAt?.UtcDateTime,
            notification.UpdatedAt?.UtcDateTime,
            notification.Origin,
            new NotificationPayload(
                notification.Title, notification.Description, notification.Link, notification.Severity.ToString().ToLowerInvariant(), notification.Topic,
                notification.Scope, notification.Icon, notification.Metadata is { } metadata ? JsonNode.Parse(metadata)!.AsObject() : null));
}

/// <summary>What it says.</summary>
internal sealed record NotificationPayload(
    string? Title, string? Description = null, string? Link = null, string? Severity = null, string? Topic = null, string? Scope = null, string? Icon = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonObject? Metadata = null);

/// <summary>A page of notifications.</summary>
internal sealed record NotificationPage(int TotalCount, IReadOnlyList<NotificationView> Notifications);

/// <summary>How many there are.</summary>
internal sealed record NotificationStatus(int Unread, int Read);

/// <summary>The topics of a user's notifications.</summary>
internal sealed record NotificationTopics(IReadOnlyList<string> Topics);

/// <summary>What to do with notifications.</summary>
internal sealed record NotificationUpdate(IReadOnlyList<string?>? Ids, bool? Read, bool? Saved);
