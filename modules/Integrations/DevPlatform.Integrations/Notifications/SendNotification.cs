using System.Text.Json;
using System.Text.Json.Serialization;
using DevPlatform.Catalog.Contracts;
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
    private const int MaxMetadata = 10_000;

    /// <exception cref="InputException">What is wrong with it.</exception>
    public Notify ToCommand(string origin)
    {
        if (Payload?.Title is not { Length: > 0 and <= 255 } title)
        {
            throw InputException.For("payload.title", Payload?.Title, "1 to 255 characters");
        }

        foreach (var (field, text) in new[] { ("description", Payload.Description), ("topic", Payload.Topic), ("scope", Payload.Scope), ("icon", Payload.Icon) })
        {
            if (text is { Length: > MaxText })
            {
                throw InputException.For($"payload.{field}", $"{text.Length} characters", $"at most {MaxText} characters");
            }
        }

        if (Payload.Metadata?.ToJsonString() is { Length: > MaxMetadata } metadata)
        {
            throw InputException.For("payload.metadata", $"{metadata.Length} characters", $"an object of at most {MaxMetadata} characters of JSON");
        }

        // It ends in the address of a link that others click.
        if (Payload.Link is { } link && !(IsPath(link) || (Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")))
        {
            throw InputException.For("payload.link", link, "a path of the portal, or an http or https address");
        }

        var severity = Payload.Severity is null ? NotificationSeverity.Normal : NotificationFilter.SeverityOf("payload.severity", Payload.Severity);
        return new Notify(
            $"sent:{Guid.NewGuid()}", AudienceOf(Recipients), origin, Payload.Topic, title, Payload.Description, Payload.Link, severity, Payload.Scope,
            Excluded: Recipients?.ExcludeEntityRef is { } excluded ? RefsOf("recipients.excludeEntityRef", excluded) : null,
            Icon: Payload.Icon, Metadata: Payload.Metadata?.ToJsonString(), Withdraws: false);
    }

    private static bool IsPath(string link) => link.StartsWith('/') && !link.StartsWith("//", StringComparison.Ordinal) && !link.StartsWith("/\\", StringComparison.Ordinal);

    private static List<string> AudienceOf(NotificationRecipients? recipients) => recipients switch
    {
        { Type: "broadcast" } => [Audiences.Everyone],
        { Type: "entity" } => RefsOf("recipients.entityRef", recipients.EntityRef ?? []),
        _ => throw InputException.For("recipients.type", recipients?.Type, "entity, broadcast"),
    };

    private static List<string> RefsOf(string field, IReadOnlyList<string> refs) => refs.Count is > 0 and <= MaxRecipients
        ? [.. refs.Select(text => RefOf(field, text)).Distinct()]
        : throw InputException.For(field, $"{refs.Count} refs", $"1 to {MaxRecipients} refs of users and groups, such as group:default/team-orders");

    private static string RefOf(string field, string text) =>
        EntityRef.TryParse(text, out var parsed) && parsed.Kind.ToLowerInvariant() is "user" or "group"
            ? parsed.ToString()
            : throw InputException.For(field, text, "refs of users and groups, such as group:default/team-orders");
}

/// <summary>Whom to tell.</summary>
/// <param name="Type">entity or broadcast.</param>
/// <param name="EntityRef">Users and groups, with entity: one ref or an array of them.</param>
/// <param name="ExcludeEntityRef">Users and groups that are not to be told all the same.</param>
internal sealed record NotificationRecipients(
    string? Type,
    [property: JsonConverter(typeof(OneOrMany))] IReadOnlyList<string>? EntityRef = null,
    [property: JsonConverter(typeof(OneOrMany))] IReadOnlyList<string>? ExcludeEntityRef = null);

/// <summary>One text, or an array of them.</summary>
internal sealed class OneOrMany : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? [reader.GetString()!] : JsonSerializer.Deserialize<List<string>>(ref reader, options);

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, options);
}

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
                .WithDescription("As Backstage's: recipients.entityRef and excludeEntityRef are a ref or an array of refs. Its origin is the caller; the same scope again replaces it.");
        }
    }

    private static async Task<Ok<NotificationView[]>> SendAsync(
        SendNotification body, Caller caller, IMessageBus bus, IntegrationsDbContext db, IAuditTrail audit, CancellationToken cancellationToken)
    {
        var command = body.ToCommand(caller.Username);
        await bus.InvokeAsync(command, cancellationToken);
        await audit.RecordAsync(caller.ToActor(), "notification.send", string.Join(", ", command.Audience), AuditResult.Success, command.Title);
        var sent = await db.Notifications.AsNoTracking().SingleAsync(n => n.Key == command.Key, cancellationToken);
        return TypedResults.Ok(NotificationView.OfSent(sent));
    }
}
