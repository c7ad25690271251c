using DevPlatform.Integrations.Data;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Signals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Integrations.Notifications;

/// <summary><c>/api/notifications</c>, as Backstage's notifications backend: what concerns the caller.</summary>
internal static class NotificationEndpoints
{
    private const int MaxLimit = 1000;
    private const int MaxIds = 1000;

    /// <summary>So many ids fit into a signal.</summary>
    private const int IdsPerSignal = 100;
    private const string Why = "callers see only what is told to them, and mark only for themselves";

    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/notifications").WithTags("Notifications");
        foreach (var list in new[] { "", "/notifications" })
        {
            group.MapGet(list, ListAsync).RequireSignIn(Why)
                .WithSummary("The caller's notifications")
                .WithDescription(
                    $"Filters: topic, search, read, saved, createdAfter, minimumSeverity. orderField=field,asc|desc (created, updated, topic, origin, title, severity); offset; limit 0 to {MaxLimit}.");
        }

        foreach (var update in new[] { "/update", "/notifications/update" })
        {
            group.MapPost(update, UpdateAsync).RequireSignIn(Why)
                .WithSummary("Marks notifications read, unread, saved or not")
                .WithDescription($"{{ids (at most {MaxIds}), read?, saved?}}; answers the notifications. Ids that are not the caller's are passed over.");
        }

        group.MapGet("/status", StatusAsync).RequireSignIn(Why).WithSummary("How many of the caller's notifications are read and unread");
        group.MapGet("/topics", TopicsAsync).RequireSignIn(Why).WithSummary("Topics of the caller's notifications; same filters as the list");
        group.MapGet("/settings", SettingsAsync).RequireSignIn(Why).WithSummary("What the caller wants to be told");
        group.MapPost("/settings", SaveSettingsAsync).RequireSignIn(Why).WithSummary("Changes what the caller wants to be told");
        foreach (var one in new[] { "/{id:guid}", "/notifications/{id:guid}" })
        {
            group.MapGet(one, GetAsync).RequireSignIn(Why).WithSummary("One of the caller's notifications");
        }
    }

    private static async Task<Ok<NotificationPage>> ListAsync(
        [AsParameters] NotificationFilter filter, Inbox inbox, Caller caller, CancellationToken cancellationToken,
        int offset = 0, int limit = MaxLimit, string[]? orderField = null)
    {
        if (offset < 0)
        {
            throw InputException.For("offset", offset, "0 or more");
        }

        if (limit is < 0 or > MaxLimit)
        {
            throw InputException.For("limit", limit, $"0 to {MaxLimit}");
        }

        var found = filter.Apply(await inbox.OfAsync(caller, cancellationToken), caller.UserRef);
        var sorted = NotificationFilter.Sort(found, orderField ?? []);
        var page = await inbox.WithMarks(sorted.Skip(offset).Take(limit), caller).ToListAsync(cancellationToken);
        return TypedResults.Ok(new NotificationPage(await found.CountAsync(cancellationToken), [.. page.Select(n => NotificationView.Of(n, caller.UserRef))]));
    }

    private static async Task<Ok<NotificationView>> GetAsync(Guid id, Inbox inbox, Caller caller, CancellationToken cancellationToken)
    {
        var found = await inbox.WithMarks(inbox.Visible(caller), caller).SingleOrDefaultAsync(n => n.Id == id, cancellationToken)
            ?? throw new NotFoundException($"No notification {id}");
        return TypedResults.Ok(NotificationView.Of(found, caller.UserRef));
    }

    private static async Task<Ok<NotificationStatus>> StatusAsync(Inbox inbox, Caller caller, CancellationToken cancellationToken)
    {
        var all = await inbox.OfAsync(caller, cancellationToken);
        var total = await all.CountAsync(cancellationToken);
        var read = await all.CountAsync(n => n.Marks.Any(m => m.UserRef == caller.UserRef && m.ReadAt != null), cancellationToken);
        return TypedResults.Ok(new NotificationStatus(total - read, read));
    }

    private static async Task<Ok<NotificationTopics>> TopicsAsync(
        [AsParameters] NotificationFilter filter, Inbox inbox, Caller caller, CancellationToken cancellationToken)
    {
        var found = filter.Apply(await inbox.OfAsync(caller, cancellationToken), caller.UserRef);
        return TypedResults.Ok(new NotificationTopics(
            await found.Where(n => n.Topic != null).Select(n => n.Topic!).Distinct().OrderBy(t => t).ToListAsync(cancellationToken)));
    }

    private static async Task<Ok<List<NotificationView>>> UpdateAsync(
        NotificationUpdate body, Inbox inbox, IntegrationsDbContext db, Caller caller, ISignals signals, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Ids is not { Count: <= MaxIds } asked)
        {
            throw InputException.For("ids", body.Ids?.Count, $"an array of at most {MaxIds} ids");
        }

        var now = time.GetUtcNow();
        var known = asked.Select(id => Guid.TryParse(id, out var guid) ? guid : Guid.Empty).Where(id => id != Guid.Empty).ToArray();
        var ids = await inbox.Visible(caller).Where(n => known.Contains(n.Id)).Select(n => n.Id).ToListAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into integrations.notification_marks (notification_id, user_ref, read_at, saved_at)
            select id, {caller.UserRef}, case when {body.Read} then {now} end, case when {body.Saved} then {now} end from unnest({ids.ToArray()}) as id
            on conflict (notification_id, user_ref) do update set
              read_at = case when {body.Read == null} then notification_marks.read_at when {body.Read} then coalesce(notification_marks.read_at, {now}) end,
              saved_at = case when {body.Saved == null} then notification_marks.saved_at when {body.Saved} then coalesce(notification_marks.saved_at, {now}) end
            """, cancellationToken);
        if (body.Read is { } read)
        {
            foreach (var some in ids.Chunk(IdsPerSignal))
            {
                await signals.PublishAsync(
                    "notifications", [caller.UserRef], new { action = read ? "notification_read" : "notification_unread", notification_ids = some }, cancellationToken);
            }
        }

        var updated = await inbox.WithMarks(inbox.Visible(caller).Where(n => ids.Contains(n.Id)), caller).ToListAsync(cancellationToken);
        return TypedResults.Ok(updated.ConvertAll(n => NotificationView.Of(n, caller.UserRef)));
    }

    private static async Task<Ok<NotificationSettings>> SettingsAsync(Inbox inbox, IntegrationsDbContext db, Caller caller, CancellationToken cancellationToken)
    {
        var received = await inbox.Visible(caller).Where(n => n.Topic != null).Select(n => new { n.Origin, n.Topic }).Distinct().ToListAsync(cancellationToken);
        var muted = await MutedTopics.OfAsync(db, caller.UserRef, cancellationToken);
        return TypedResults.Ok(muted.ToSettings(received.Select(r => (r.Origin, r.Topic!))));
    }

    private static async Task<Ok<NotificationSettings>> SaveSettingsAsync(
        NotificationSettings body, Inbox inbox, IntegrationsDbContext db, Caller caller, CancellationToken cancellationToken)
    {
        var muted = MutedTopics.Read(body).Names.ToArray();
        await db.Database.ExecuteSqlAsync(
            $"insert into integrations.notification_settings (user_ref, muted) values ({caller.UserRef}, {muted}) on conflict (user_ref) do update set muted = excluded.muted",
            cancellationToken);
        return await SettingsAsync(inbox, db, caller, cancellationToken);
    }
}

/// <summary>The notifications that concern somebody.</summary>
internal sealed class Inbox(IntegrationsDbContext db, IPermissionEvaluator permissions)
{
    /// <summary>All of them.</summary>
    public IQueryable<Notification> Visible(Caller caller)
    {
        var names = Audiences.Of(caller, permissions.EffectiveRoles(caller)).ToArray();
        return db.Notifications.AsNoTracking().Where(n => n.Audience.Any(a => names.Contains(a))
            && (n.Except == null || n.Except != caller.UserRef) && !n.Excluded.Any(e => names.Contains(e)));
    }

    /// <summary>Without what the user turned off.</summary>
    public async Task<IQueryable<Notification>> OfAsync(Caller caller, CancellationToken cancellationToken) =>
        (await MutedTopics.OfAsync(db, caller.UserRef, cancellationToken)).Apply(Visible(caller));

    /// <summary>With what this user did with them.</summary>
    public IQueryable<Notification> WithMarks(IQueryable<Notification> notifications, Caller caller) =>
        notifications.Include(n => n.Marks.Where(m => m.UserRef == caller.UserRef));
}
