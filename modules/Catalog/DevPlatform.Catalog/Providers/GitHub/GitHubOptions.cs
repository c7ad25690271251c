using DevPlatform.Shared.Configuration;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Providers.GitHub;

/// <summary>Section <c>Catalog:GitHub</c>: organizations on GitHub or GitHub Enterprise whose catalog files are discovered.</summary>
public sealed class GitHubOptions : ICheckedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Catalog:GitHub";

    /// <summary>Base URL of the API; on GitHub Enterprise <c>https://&lt;host&gt;/api/v3</c>.</summary>
    public string ApiUrl { get; set; } = "https://api.github.com";

    /// <summary>A token that may read the organizations' repositories; used for their clones too.</summary>
    public string? Token { get; set; }

    /// <summary>Logins of the organizations.</summary>
    public IList<string> Organizations { get; } = [];

    /// <summary>How often the organizations are asked for what changed; webhooks make it known at once.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Where repositories are cloned from, and browsed.</summary>
    internal Uri WebUrl => new Uri(ApiUrl) is var api && api.Host == "api.github.com" ? new Uri("https://github.com") : new Uri(api.GetLeftPart(UriPartial.Authority));

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section)
    {
        if (!Uri.TryCreate(ApiUrl, UriKind.Absolute, out var api) || api.Scheme is not ("http" or "https"))
        {
            yield return SettingProblem.Of(section, nameof(ApiUrl), ApiUrl, "an absolute http(s) URL");
        }

        if (Interval < TimeSpan.FromSeconds(1) || Interval > TimeSpan.FromDays(1))
        {
            yield return SettingProblem.Of(section, nameof(Interval), Interval, "00:00:01 to 1.00:00:00");
        }

        for (var i = 0; i < Organizations.Count; i++)
        {
            if (Organizations[i].Length == 0 || !Organizations[i].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                yield return SettingProblem.Of(section, $"{nameof(Organizations)}:{i}", Organizations[i], "an organization's login");
            }
        }
    }
}

/// <summary>Repositories of the organizations are cloned as whoever lists them, unless <c>Git:Hosts</c> says otherwise.</summary>
internal sealed class GitHubCloneAccount(IOptions<GitHubOptions> gitHub) : IPostConfigureOptions<GitOptions>
{
    public void PostConfigure(string? name, GitOptions options)
    {
        var host = gitHub.Value.WebUrl.Authority;
        if (gitHub.Value.Organizations.Count > 0 && !options.Hosts.Any(h => h.Host.Equals(host, StringComparison.OrdinalIgnoreCase)))
        {
            options.Hosts.Add(new GitHostOptions { Host = host, Username = gitHub.Value.Token is null ? null : "x-access-token", Password = gitHub.Value.Token });
        }
    }
}
