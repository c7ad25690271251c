using DevPlatform.Identity.PermissionApi;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Identity.Signals;

/// <summary>
/// WebSocket <c>/api/signals</c>, as Backstage's signals backend. The access token is the sub-protocol; frames are <c>{"action":"subscribe",
/// "channel":"notifications"}</c> in, <c>{"channel":"…","message":{…}}</c> out.
/// </summary>
internal static class SignalsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // CONNECT: WebSockets over HTTP/2 (RFC 8441).
        routes.MapMethods("", [HttpMethods.Get, HttpMethods.Connect], RunAsync)
            .RequireSignIn("callers hear only what is for them")
            .WithSummary("Tells an open page what changes (WebSocket)")
            .WithDescription("Sub-protocol: the access token. The connection ends with the token or its session.");
        routes.MapGet("/health", () => TypedResults.Ok(new { status = "ok" }))
            .AllowAnonymous("a probe")
            .WithSummary("Health, as Backstage's signals backend answers it");
    }

    private static async Task RunAsync(HttpContext context, SignalHub hub, IPermissionEvaluator permissions)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw InputException.For("Upgrade", context.Request.Headers.Upgrade, "websocket");
        }

        var caller = await Caller.BindAsync(context);
        using var life = LongResponse.Begin(context);
        var names = Audiences.Of(caller, permissions.EffectiveRoles(caller))
            .Concat(KnownPermissions.All.Where(permission => permissions.Evaluate(caller, permission).IsAllowed).Select(Audiences.Holder))
            .ToHashSet(StringComparer.Ordinal);
        // Browsers hang up when none of the protocols they offered is taken.
        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols is [var token] ? token : null);
        var connection = new SignalConnection(names);
        hub.Add(connection);
        try
        {
            await connection.RunAsync(socket, life);
        }
        finally
        {
            hub.Remove(connection);
        }
    }
}
