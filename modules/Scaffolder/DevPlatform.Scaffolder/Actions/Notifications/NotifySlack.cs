using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Notifications;

/// <summary><c>notification:slack</c>: one message, at most once.</summary>
internal sealed class NotifySlack(IHttpClientFactory clients, IOptions<ScaffolderOptions> options) : IScaffolderAction
{
    public const string HttpClientName = "scaffolder-slack";

    public ActionDefinition Definition { get; } = new()
    {
        Id = "notification:slack",
        Description = "Sends a message to Slack.",
        InputSchema = Schema.Object([("message", Schema.Text("The text (Slack's mrkdwn)")), ("channel", Schema.Text("Channel, where the webhook may choose it"))], "message"),
        OutputSchema = Schema.Object([("sent", Schema.Flag("False when an interrupted run of the step may have sent it"))]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("slack", CredentialKind.ServiceAccount),
        Example = "steps:\n  - action: notification:slack\n    input:\n      message: orders-db is ready\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var url = options.Value.Notifications.Slack.WebhookUrl
            ?? throw new ServiceUnavailableException("Slack is not configured (Scaffolder:Notifications:Slack:WebhookUrl)");
        var message = new JsonObject { ["text"] = context.Text("message") };
        if (context.Text("channel") is { } channel)
        {
            message["channel"] = channel;
        }

        if (!await context.TryClaimEffectAsync())
        {
            context.Output["sent"] = false;
            await context.LogAsync("An interrupted run of this step may have sent the message; it is not sent again");
            return;
        }

        using var client = clients.CreateClient(HttpClientName);
        try
        {
            using var response = await client.PostAsJsonAsync(url, message, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new ServiceUnavailableException($"Slack refused the message: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }
        }
        catch (HttpRequestException e)
        {
            // Not the exception's text: it holds the URL, which is a secret.
            throw new ServiceUnavailableException($"Slack does not answer ({e.HttpRequestError})");
        }

        context.Output["sent"] = true;
        await context.LogAsync("Sent a message to Slack");
    }
}
