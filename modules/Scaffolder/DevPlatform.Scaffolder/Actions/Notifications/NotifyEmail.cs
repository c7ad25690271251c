using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace DevPlatform.Scaffolder.Actions.Notifications;

/// <summary><c>notification:email</c>: one mail, at most once.</summary>
internal sealed class NotifyEmail(IOptions<ScaffolderOptions> options, TimeProvider time) : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "notification:email",
        Description = "Sends a mail.",
        InputSchema = Schema.Object(
            [
                ("to", Schema.List(Schema.Text("address"), "Recipients; default: whoever started the task")),
                ("subject", Schema.Text("Subject")),
                ("body", Schema.Text("Plain text")),
            ],
            "subject", "body"),
        OutputSchema = Schema.Object([("sent", Schema.Flag("False when an interrupted run of the step may have sent it"))]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("smtp", CredentialKind.ServiceAccount),
        Example = "steps:\n  - action: notification:email\n    input:\n      subject: orders-db is ready\n      body: It is in the catalog now.\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var settings = options.Value.Notifications.Email;
        var host = settings.Host ?? throw new ServiceUnavailableException("Mail is not configured (Scaffolder:Notifications:Email:Host)");
        using var message = Compose(context, settings);
        if (!await context.TryClaimEffectAsync())
        {
            context.Output["sent"] = false;
            await context.LogAsync("An interrupted run of this step may have sent the mail; it is not sent again");
            return;
        }

        using var client = new SmtpClient();
        try
        {
            await client.ConnectAsync(host, settings.Port, settings.RequireTls ? SecureSocketOptions.Auto : SecureSocketOptions.StartTlsWhenAvailable, cancellationToken);
            if (settings.RequireTls && !client.IsSecure)
            {
                throw new ServiceUnavailableException($"The mail server {host}:{settings.Port} offers no encryption (Scaffolder:Notifications:Email:RequireTls)");
            }

            if (settings.Username is { Length: > 0 } user)
            {
                await client.AuthenticateAsync(user, settings.Password ?? "", cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception e) when (e is ProtocolException or CommandException or IOException or System.Net.Sockets.SocketException or MailKit.Security.AuthenticationException)
        {
            throw new ServiceUnavailableException($"The mail server did not take the mail: {e.Message}", e);
        }

        context.Output["sent"] = true;
        await context.LogAsync($"Sent a mail to {message.To.Count} recipients");
    }

    private MimeMessage Compose(ActionContext context, EmailOptions settings)
    {
        var message = new MimeMessage { Subject = context.Text("subject")!, Body = new TextPart("plain") { Text = context.Text("body")! }, Date = time.GetUtcNow() };
        message.From.Add(MailboxAddress.Parse(settings.From));
        // The same for every run of the step, so that a mail server can tell a repetition.
        message.MessageId = $"{context.TaskId:N}.{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(context.StepKey))}@devplatform";
        var to = context.Texts("to") is { Length: > 0 } given ? given : context.Actor.Email is { } own ? [own] : [];
        foreach (var address in to)
        {
            if (!MailboxAddress.TryParse(address, out var mailbox) || (settings.AllowedDomains.Count > 0 && !settings.AllowedDomains.Contains(mailbox.Domain, StringComparer.OrdinalIgnoreCase)))
            {
                throw InputException.For("to", address, settings.AllowedDomains.Count > 0 ? $"an address in {string.Join(", ", settings.AllowedDomains)}" : "a mail address");
            }

            message.To.Add(mailbox);
        }

        return message.To.Count > 0 ? message : throw InputException.For("to", null, "at least one address: the acting user has none");
    }
}
