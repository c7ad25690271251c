using DevPlatform.Integrations.Contracts;
using DevPlatform.Integrations.Data;
using DevPlatform.Shared.Signals;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Integrations.Notifications;

/// <summary>Keeps a notification, and tells the pages that are open.</summary>
public static class NotifyHandler
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>Handles the command; a redelivered one changes nothing.</summary>
    public static async Task HandleAsync(Notify command, IntegrationsDbContext db, ISignals signals, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var about = $"notifications:{command.Origin}:{command.Scope ?? command.Key}";
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({about}, 0))", cancellationToken);
        if (await db.Notifications.AnyAsync(n => n.Key == command.Key, cancellationToken))
        {
            return;
        }

        var notification = await ReplacedAsync(command, db, now, cancellationToken) ?? db.Notifications.Add(NewOf(command, now)).Entity;
        await db.SaveChangesAsync(cancellationToken);
        var end = now - Kept;
        await db.Notifications.Where(n => n.CreatedAt < end && !n.Marks.Any(m => m.SavedAt != null)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await signals.PublishAsync(
            "notifications", notification.Audience, new { action = "new_notification", notification_id = notification.Id }, cancellationToken,
            [.. notification.Excluded, .. notification.Except is { } except ? [except] : Array.Empty<string>()]);
    }

    /// <summary>What was told about the same before: to the same people it is told anew; others keep it, or it is withdrawn from them.</summary>
    private static async Task<Notification?> ReplacedAsync(Notify command, IntegrationsDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (command.Scope is null)
        {
            return null;
        }

        var before = await db.Notifications.Include(n => n.Marks).Where(n => n.Origin == command.Origin && n.Scope == command.Scope).ToListAsync(cancellationToken);
        var same = before.Find(n => n.Audience.ToHashSet().SetEquals(command.Audience) && n.Except == command.Except && n.Excluded.ToHashSet().SetEquals(command.Excluded ?? []));
        foreach (var other in before.Where(n => n != same))
        {
            other.Audience = command.Withdraws ? [] : [.. other.Audience.Except(command.Audience)];
            if (other.Audience.Count == 0)
            {
                db.Notifications.Remove(other);
            }
        }

        if (same is null)
        {
            return null;
        }

        (same.Key, same.Topic, same.Title, same.Description, same.Link) = (command.Key, command.Topic, command.Title, command.Description, command.Link);
        (same.Severity, same.Icon, same.Metadata, same.UpdatedAt) = (command.Severity, command.Icon, command.Metadata, now);
        same.Marks.ForEach(mark => mark.ReadAt = null);
        return same;
    }

    private static Notification NewOf(Notify command, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Key = command.Key,
        Audience = [.. command.Audience],
        Except = command.Except,
        Excluded = [.. command.Excluded ?? []],
        Origin = command.Origin,
        Topic = command.Topic,
        Scope = command.Scope,
        Severity = command.Severity,
        Title = command.Title,
        Description = command.Description,
        Link = command.Link,
        Icon = command.Icon,
        Metadata = command.Metadata,
        CreatedAt = now,
    };
}
