using System.Security.Cryptography;
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

    /// <summary>A GitHub App to act as, instead of <see cref="Token"/>.</summary>
    public GitHubAppOptions App { get; } = new();

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

        if (App.Id is not null && Token is not null)
        {
            yield return SettingProblem.Of(section, $"{nameof(App)}:{nameof(App.Id)}", App.Id, $"an app or {section}:{nameof(Token)}, not both");
        }

        foreach (var problem in App.Problems($"{section}:{nameof(App)}"))
        {
            yield return problem;
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

/// <summary>Section <c>Catalog:GitHub:App</c>: a GitHub App that is installed in the organizations and may read contents and metadata.</summary>
public sealed class GitHubAppOptions
{
    /// <summary>The app's id or client id.</summary>
    public string? Id { get; set; }

    /// <summary>The app's private key, as GitHub gives it (PEM).</summary>
    public string? PrivateKey { get; set; }

    internal IEnumerable<string> Problems(string section)
    {
        if (Id is null != PrivateKey is null)
        {
            yield return SettingProblem.Of(section, Id is null ? nameof(Id) : nameof(PrivateKey), null, $"{nameof(Id)} and {nameof(PrivateKey)}, or neither");
        }

        if (PrivateKey is not null && !IsRsaKey(PrivateKey))
        {
            // Whatever it is, it may be a secret.
            yield return SettingProblem.Of(section, nameof(PrivateKey), "…", "an RSA private key in PEM");
        }
    }

    private static bool IsRsaKey(string pem)
    {
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.ExportParameters(includePrivateParameters: true).D is not null;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
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
