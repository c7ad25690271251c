using System.Security.Cryptography;
using DevPlatform.Integrations.Data;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Webhooks;

/// <summary>
/// <c>POST /api/integrations/webhooks/github</c> and <c>/git</c>: what Git servers tell, in GitHub's format (Gitea and Forgejo send it too).
/// Answered once it is stored; the work is done from a durable queue. A body that came before is not worked on again.
/// </summary>
internal static class WebhookEndpoint
{
    private static readonly TimeSpan KeepDeliveries = TimeSpan.FromDays(3);

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        Map(routes, "github", options => options.GitHubSecret);
        Map(routes, "git", options => options.GitSecret);
    }

    private static void Map(IEndpointRouteBuilder routes, string source, Func<WebhookOptions, string?> secret) =>
        routes.MapPost($"/api/integrations/webhooks/{source}", (HttpContext context, Outbox<IntegrationsDbContext> outbox, TimeProvider time, IOptionsMonitor<WebhookOptions> options) =>
                ReceiveAsync(context, source, secret(options.CurrentValue), outbox, time))
            .AllowAnonymous("the body is signed (HMAC-SHA256)")
            .WithTags("Integrations").WithSummary($"Takes a webhook of source {source}")
            .WithDescription("Headers: X-GitHub-Event; X-Hub-Signature-256 or X-Gitea-Signature. 202 accepted, 200 nothing to do, 401 wrong signature, 404 no secret configured.");

    private static async Task<IResult> ReceiveAsync(HttpContext context, string source, string? secret, Outbox<IntegrationsDbContext> outbox, TimeProvider time)
    {
        if (secret is null)
        {
            throw new NotFoundException($"Webhooks of \"{source}\" are not configured");
        }

        var body = await ReadAsync(context);
        if (!WebhookSignature.IsValid(context.Request.Headers, body, secret))
        {
            throw new AuthenticationException("The webhook's signature is missing or wrong");
        }

        var message = GitHubEvents.Read(context.Request.Headers["X-GitHub-Event"].ToString(), body);
        if (message is null || !await IsNewAsync(outbox.DbContext, $"{source}:{Convert.ToHexStringLower(SHA256.HashData(body))}", time, context.RequestAborted))
        {
            return Results.Ok();
        }

        await outbox.PublishAsync(message);
        await outbox.SaveChangesAndFlushMessagesAsync(context.RequestAborted);
        return Results.Accepted();
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }

    // By the body, not by the delivery's id: that is not signed, so who replays a body could choose it.
    private static async Task<bool> IsNewAsync(IntegrationsDbContext db, string digest, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"delete from integrations.webhook_deliveries where received_at < {now - KeepDeliveries}", cancellationToken);
        return await db.Database.ExecuteSqlAsync(
            $"insert into integrations.webhook_deliveries (digest, received_at) values ({digest}, {now}) on conflict (digest) do nothing", cancellationToken) == 1;
    }
}
