using DevPlatform.Shared.Configuration;

namespace DevPlatform.Integrations.Webhooks;

/// <summary>Section <c>Webhooks</c>: the keys with which tools sign what they tell us. A source without one is refused.</summary>
public sealed class WebhookOptions : ICheckedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks";

    private const int MinSecretLength = 16;

    /// <summary>Secret of GitHub's webhooks.</summary>
    public string? GitHubSecret { get; set; }

    /// <summary>Secret of the organization's own Git server.</summary>
    public string? GitSecret { get; set; }

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section)
    {
        foreach (var (key, secret) in ((string, string?)[])[(nameof(GitHubSecret), GitHubSecret), (nameof(GitSecret), GitSecret)])
        {
            if (secret is { Length: < MinSecretLength })
            {
                yield return $"{section}:{key}: found {secret.Length} characters; allowed: {MinSecretLength} or more, or nothing";
            }
        }
    }
}
