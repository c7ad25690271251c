using DevPlatform.Integrations.Contracts;
using DevPlatform.Integrations.Data;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Wolverine;

namespace DevPlatform.Integrations.Notifications;

/// <summary>Body of <c>POST /api/notifications</c>, as Backstage's.</summary>
internal sealed record SendNotification(NotificationRecipients? Recipients, NotificationPayload? Payload)
{
    private const int MaxText = 2000;
    private const int MaxRecipients = 100;

    /// <exception cref="InputException">What is wrong with it.</exception>
    public Notify ToCommand(string origin)
    {
        if (Payload?.Title is not { Length: > 0 and <= 255 } title)
        {
            throw InputException.For("payload.title", Payload?.Title, "1 to 255 characters");
        }

        foreach (var (field, text) in new[] { ("description", Payload.Description), ("topic", Payload.Topic), ("scope", Payload.Scope) })
        {
            if (text is { Length: > MaxText })
            {
                throw InputException.For($"payload.{field}", $"{text.Length} characters", $"at most {MaxText} characters");
            }
        }

        // It ends in the address of a link that others click.
        if (Payload.Link is { } link && !(IsPath(link) || (Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")))
        {
            throw InputException.For("payload.link", link, "a path of the portal, or an http or https address");
        }

        var severity = Payload.Severity is null ? NotificationSeverity.Normal : NotificationFilter.SeverityOf("payload.severity", Payload.Severity);
        return new Notify(
            $"sent:{Guid.NewGuid()}", AudienceOf(Recipients), origin, Payload.Topic ?? "announcements", title, Payload.Description, Payload.Link, severity, Payload.Scope);
    }

    private static bool IsPath(string link) => link.StartsWith('/') && !link.StartsWith("//", StringComparison.Ordinal) && !link.StartsWith("/\\", StringComparison.Ordinal);

    private static IReadOnlyList<string> AudienceOf(NotificationRecipients? recipients) => recipients switch
    {
        { Type: "broadcast" } => [Audiences.Everyone],
        { Type: "entity", EntityRef: { Count: > 0 and <= MaxRecipients } refs } when refs.All(IsRef) => [.. refs.Select(r => r.ToLowerInvariant())],
        { Type: "entity" } => throw InputException.For("recipients.entityRef", string.Join(", ", recipients.EntityRef ?? []), $"1 to {MaxRecipients} refs of users and groups, such as group:default/team-orders"),
        _ => throw InputException.For("recipients.type", recipients?.Type, "entity, broadcast"),
    };

    private static bool IsRef(string text) =>
        Catalog.Contracts.EntityRef.TryParse(text, out var parsed) && parsed.Kind.ToLowerInvariant() is "user" or "group";
}

/// <summary>Whom to tell.</summary>
/// <param name="Type">entity or broadcast.</param>
/// <param name="EntityRef">Users and groups, with entity.</param>
internal sealed record NotificationRecipients(string? Type, IReadOnlyList<string>? EntityRef = null);

internal static class SendNotificationEndpoint
{
    public static void MapSendNotification(this IEndpointRouteBuilder routes)
    {
        foreach (var path in new[] { "/api/notifications", "/api/notifications/notifications" })
        {
            routes.MapPost(path, SendAsync)
                .RequirePermission(IntegrationsPermissions.NotificationSend)
                .WithTags("Notifications")
                .WithSummary("Tells users and groups, or everyone, in the portal")
                .WithDescription("As Backstage's, with entityRef as an array. Its origin is the caller.");
        }
    }

    private static async Task<Ok<NotificationView[]>> SendAsync(
        SendNotification body, Caller caller, IMessageBus bus, IntegrationsDbContext db, IAuditTrail audit, CancellationToken cancellationToken)
    {
        var command = body.ToCommand(caller.Username);
        await bus.InvokeAsync(command, cancellationToken);
        await audit.RecordAsync(caller.ToActor(), "notification.send", string.Join(", ", command.Audience), AuditResult.Success, command.Title);
        var sent = await db.Notifications.AsNoTracking().SingleAsync(n => n.Key == command.Key, cancellationToken);
        return TypedResults.Ok(new[] { NotificationView.Of(sent, caller.UserRef) });
    }
}
