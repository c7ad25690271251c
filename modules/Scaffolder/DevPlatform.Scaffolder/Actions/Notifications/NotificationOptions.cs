using System.ComponentModel.DataAnnotations;

namespace DevPlatform.Scaffolder.Actions.Notifications;

/// <summary>Section <c>Scaffolder:Notifications</c>: how templates tell people. Templates say what, never where to: addresses of services are configuration.</summary>
public sealed class NotificationOptions
{
    public SlackOptions Slack { get; set; } = new();

    public EmailOptions Email { get; set; } = new();
}

/// <summary>Slack by an incoming webhook.</summary>
public sealed class SlackOptions
{
    /// <summary>The webhook's URL: a secret. Null: <c>notification:slack</c> fails.</summary>
    public Uri? WebhookUrl { get; set; }
}

/// <summary>Mail by SMTP.</summary>
public sealed class EmailOptions
{
    /// <summary>Null: <c>notification:email</c> fails.</summary>
    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>Whether the connection must be encrypted (STARTTLS or TLS).</summary>
    public bool RequireTls { get; set; } = true;

    public string? Username { get; set; }

    public string? Password { get; set; }

    [Required]
    public string From { get; set; } = "DevPlatform <devplatform@localhost>";

    /// <summary>Domains that may be written to; empty: all.</summary>
    public IList<string> AllowedDomains { get; } = [];
}
