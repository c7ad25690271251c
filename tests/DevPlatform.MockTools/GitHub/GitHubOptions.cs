namespace DevPlatform.MockTools.GitHub;

/// <summary>Settings of the GitHub mock, section <c>GitHub</c>; repositories, accounts and webhooks are those of section <c>Git</c>.</summary>
internal sealed class GitHubOptions
{
    /// <summary>The token that the API accepts; without it everybody may read.</summary>
    public string? Token { get; set; }

    /// <summary>Requests allowed in an hour; those answered with 304 do not count.</summary>
    public int RateLimit { get; set; } = 5000;

    /// <summary>Largest page of a list; smaller than GitHub's to test paging.</summary>
    public int MaxPageSize { get; set; } = 100;

    public static GitHubOptions From(IConfiguration configuration)
    {
        var options = new GitHubOptions();
        configuration.GetSection("GitHub").Bind(options);
        return options;
    }
}
