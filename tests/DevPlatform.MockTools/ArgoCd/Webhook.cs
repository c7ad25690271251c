using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary><c>POST /api/webhook</c>: a push to the repository of an application is a reason to look at it now.</summary>
internal sealed class Webhook(ArgoCdOptions options, ApplicationController controller)
{
    public void Map(WebApplication app) => app.MapPost("/api/webhook", ReceiveAsync);

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        var body = copy.ToArray();
        if (options.WebhookSecret is { Length: > 0 } secret)
        {
            var expected = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(request.Headers["X-Hub-Signature-256"].ToString())))
            {
                return Results.Text("Webhook processing failed: HMAC verification failed", statusCode: StatusCodes.Status400BadRequest);
            }
        }

        var kind = request.Headers["X-GitHub-Event"].ToString();
        if (kind is not ("push" or "ping"))
        {
            return Results.Text("Unknown webhook event", statusCode: StatusCodes.Status400BadRequest);
        }

        try
        {
            if (kind == "push" && Touches(JsonNode.Parse(body)))
            {
                controller.Wake();
            }
        }
        catch (JsonException error)
        {
            return Results.Text($"Webhook processing failed: {error.Message}", statusCode: StatusCodes.Status400BadRequest);
        }

        return Results.Ok();
    }

    private bool Touches(JsonNode? push)
    {
        string?[] addresses = [Plain(push.Text("repository", "html_url")), Plain(push.Text("repository", "clone_url"))];
        return controller.Applications.Any(a => addresses.Contains(Plain(new ApplicationSpec(a).RepoUrl), StringComparer.OrdinalIgnoreCase));
    }

    private static string? Plain(string? url) => url?.TrimEnd('/') is { } trimmed && trimmed.EndsWith(".git", StringComparison.Ordinal) ? trimmed[..^4] : url?.TrimEnd('/');
}
