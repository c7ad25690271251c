using DevPlatform.Integrations.Contracts;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Integrations.Notifications;

/// <summary>What notifications are filtered by; everything given must match.</summary>
internal sealed record NotificationFilter(
    [property: FromQuery] string? Topic,
    [property: FromQuery] string? Search,
    [property: FromQuery] string? Read,
    [property: FromQuery] string? Saved,
    [property: FromQuery] string? CreatedAfter,
    [property: FromQuery] string? MinimumSeverity)
{
    public IQueryable<Notification> Apply(IQueryable<Notification> notifications, string userRef)
    {
        if (Search is { Length: > 0 })
        {
            var pattern = $"%{Search.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
            notifications = notifications.Where(n => EF.Functions.ILike(n.Title, pattern, "\\") || (n.Description != null && EF.Functions.ILike(n.Description, pattern, "\\")));
        }

        notifications = string.IsNullOrEmpty(Topic) ? notifications : notifications.Where(n => n.Topic == Topic);
        notifications = Flag("read", Read) switch
        {
            null => notifications,
            true => notifications.Where(n => n.Marks.Any(m => m.UserRef == userRef && m.ReadAt != null)),
            false => notifications.Where(n => !n.Marks.Any(m => m.UserRef == userRef && m.ReadAt != null)),
        };
        notifications = Flag("saved", Saved) switch
        {
            null => notifications,
            true => notifications.Where(n => n.Marks.Any(m => m.UserRef == userRef && m.SavedAt != null)),
            false => notifications.Where(n => !n.Marks.Any(m => m.UserRef == userRef && m.SavedAt != null)),
        };
        if (!string.IsNullOrEmpty(CreatedAfter))
        {
            if (!DateTimeOffset.TryParse(CreatedAfter, null, System.Globalization.DateTimeStyles.AssumeUniversal, out var after))
            {
                throw InputException.For("createdAfter", CreatedAfter, "a date and time such as 2030-01-31T12:00:00Z");
            }

            var utc = after.ToUniversalTime();
            notifications = notifications.Where(n => (n.UpdatedAt ?? n.CreatedAt) >= utc);
        }

        if (string.IsNullOrEmpty(MinimumSeverity))
        {
            return notifications;
        }

        var least = SeverityOf("minimumSeverity", MinimumSeverity);
        return notifications.Where(n => n.Severity <= least);
    }

    public static NotificationSeverity SeverityOf(string field, string severity) =>
        Enum.TryParse<NotificationSeverity>(severity, ignoreCase: true, out var known) && Enum.IsDefined(known) && !char.IsDigit(severity[0])
            ? known
            : throw InputException.For(field, severity, "critical, high, normal, low");

    /// <summary>In the order of <c>field,asc|desc</c> entries; by default the newest first.</summary>
    public static IQueryable<Notification> Sort(IQueryable<Notification> notifications, IReadOnlyList<string> orderFields)
    {
        IOrderedQueryable<Notification>? sorted = null;
        foreach (var entry in orderFields.Count == 0 ? ["created,desc"] : orderFields)
        {
            var (field, direction) = entry.Split(',') is [var name, var order] ? (name, order) : (entry, "asc");
            if (direction is not ("asc" or "desc"))
            {
                throw InputException.For("orderField", entry, "field,asc or field,desc");
            }

            sorted = field switch
            {
                "created" or "updated" => By(n => n.UpdatedAt ?? n.CreatedAt),
                "topic" => By(n => n.Topic),
                "origin" => By(n => n.Origin),
                "title" => By(n => n.Title),
                "severity" => By(n => n.Severity),
                _ => throw InputException.For("orderField", entry, "created, updated, topic, origin, title, severity"),
            };

            IOrderedQueryable<Notification> By<T>(System.Linq.Expressions.Expression<Func<Notification, T>> key) => (sorted, direction) switch
            {
                (null, "asc") => notifications.OrderBy(key),
                (null, _) => notifications.OrderByDescending(key),
                (_, "asc") => sorted.ThenBy(key),
                _ => sorted.ThenByDescending(key),
            };
        }

        return sorted!.ThenByDescending(n => n.Id);
    }

    private static bool? Flag(string field, string? value) => value switch
    {
        null or "" => null,
        "true" => true,
        "false" => false,
        _ => throw InputException.For(field, value, "true, false"),
    };
}
