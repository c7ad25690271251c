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

    /// <summary>An app that is installed in every organization; without a key there is none.</summary>
    public AppOptions App { get; } = new();

    /// <summary>Section <c>GitHub:App</c>.</summary>
    internal sealed class AppOptions
    {
        /// <summary>Who signs the app's assertions.</summary>
        public string? Id { get; set; }

        /// <summary>The app's public key, PEM.</summary>
        public string? PublicKey { get; set; }

        /// <summary>How long a token of an installation lasts; an hour at GitHub.</summary>
        public int TokenSeconds { get; set; } = 3600;
    }

    public static GitHubOptions From(IConfiguration configuration)
    {
        var options = new GitHubOptions();
        configuration.GetSection("GitHub").Bind(options);
        return options;
    }
}
