namespace DevPlatform.MockTools.Git;

/// <summary>Settings of the Git server, section <c>Git</c>.</summary>
internal sealed class GitOptions
{
    /// <summary>Directory of the bare repositories, <c>&lt;org&gt;/&lt;repo&gt;.git</c>. Required.</summary>
    public string Root { get; set; } = "";

    /// <summary>Directory each of whose <c>&lt;org&gt;/&lt;repo&gt;</c> folders becomes a repository when the root is still without it.</summary>
    public string? Seed { get; set; }

    /// <summary>Passwords by account name.</summary>
    public Dictionary<string, string> Users { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether fetching and reading work without an account. Pushing never does.</summary>
    public bool AnonymousRead { get; set; } = true;

    /// <summary>The URL clients reach the server at; by default the address it listens on.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>URLs told about every push.</summary>
    public List<string> Webhooks { get; } = [];

    /// <summary>Key of the webhooks' <c>X-Hub-Signature-256</c>; without it they are not signed.</summary>
    public string? WebhookSecret { get; set; }

    public static GitOptions From(IConfiguration configuration)
    {
        var options = new GitOptions();
        configuration.GetSection("Git").Bind(options);
        return options.Root.Length > 0 ? options : throw new InvalidOperationException("Git:Root is not set; expected the directory of the bare repositories");
    }
}
