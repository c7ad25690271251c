using DevPlatform.Shared.Configuration;

namespace DevPlatform.Shared.Git;

/// <summary>Section <c>Git</c>: how repositories are read and changed.</summary>
public sealed class GitOptions : ICheckedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Git";

    /// <summary>Directory of the bare clones; processes may share it. Default: <c>devplatform/git</c> in the system's temporary directory.</summary>
    public string CacheDirectory { get; set; } = Path.Combine(Path.GetTempPath(), "devplatform", "git");

    /// <summary>Base URL of the organization's Git server; default: the service <c>git</c> (<c>services:git:http:0</c>).</summary>
    public string? Server { get; set; }

    /// <summary>Account at <see cref="Server"/>, and only there.</summary>
    public string? Username { get; set; }

    /// <summary>Password or token of <see cref="Username"/>.</summary>
    public string? Password { get; set; }

    /// <summary>Accounts at other hosts, and hosts that may be read although they are in a private network.</summary>
    public IList<GitHostOptions> Hosts { get; } = [];

    /// <summary>Whether <c>file://</c> repositories may be read; only for tests and single-machine set-ups.</summary>
    public bool AllowFileUrls { get; set; }

    /// <summary>Longest time for one exchange with a server.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Most bytes that one fetch may transfer.</summary>
    public long MaxFetchBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>Largest file that is read into memory.</summary>
    public int MaxFileBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Name of the committer of what is changed; the author is who asked for it.</summary>
    public string CommitterName { get; set; } = "DevPlatform";

    /// <summary>Their address.</summary>
    public string CommitterEmail { get; set; } = "devplatform@users.noreply.devplatform.io";

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section)
    {
        if (Server is not null && (!Uri.TryCreate(Server, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https")))
        {
            yield return SettingProblem.Of(section, nameof(Server), Server, "an absolute http(s) URL");
        }

        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromHours(1))
        {
            yield return SettingProblem.Of(section, nameof(Timeout), Timeout, "00:00:01 to 01:00:00");
        }

        if (MaxFetchBytes < 1024)
        {
            yield return SettingProblem.Of(section, nameof(MaxFetchBytes), MaxFetchBytes, "1024 or more");
        }

        if (MaxFileBytes < 1024)
        {
            yield return SettingProblem.Of(section, nameof(MaxFileBytes), MaxFileBytes, "1024 or more");
        }

        for (var i = 0; i < Hosts.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(Hosts[i].Host))
            {
                yield return SettingProblem.Of(section, $"{nameof(Hosts)}:{i}:Host", Hosts[i].Host, "host or host:port");
            }
        }
    }
}

/// <summary>An account at a Git host.</summary>
public sealed class GitHostOptions
{
    /// <summary><c>host</c> or <c>host:port</c>.</summary>
    public string Host { get; set; } = "";

    /// <summary>User name; null to read anonymously.</summary>
    public string? Username { get; set; }

    /// <summary>Password or token.</summary>
    public string? Password { get; set; }
}
