using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.GitHub;

/// <summary>A repository of a GitHub host.</summary>
internal sealed record RepositoryName(string Host, string Owner, string Name)
{
    public string CloneUrl => $"https://{Host}/{Owner}/{Name}.git";

    /// <summary>Reads what a RepoUrlPicker gives (<c>github.com?owner=acme&amp;repo=orders</c>), or a clone URL.</summary>
    /// <exception cref="InputException">Neither.</exception>
    public static RepositoryName Parse(string repoUrl)
    {
        var picked = Uri.TryCreate(repoUrl.Contains("://", StringComparison.Ordinal) ? repoUrl : $"https://{repoUrl}", UriKind.Absolute, out var uri)
            ? uri
            : throw Invalid(repoUrl);
        if (picked.Query.Length > 1)
        {
            var query = picked.Query[1..].Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
                .ToLookup(p => p[0], p => Uri.UnescapeDataString(p[1].Replace('+', ' ')));
            return Checked(repoUrl, picked.Authority, query["owner"].FirstOrDefault(), query["repo"].FirstOrDefault());
        }

        var parts = picked.AbsolutePath.Trim('/').Split('/');
        return Checked(repoUrl, picked.Authority, parts[0], parts.Length == 2 ? parts[1].Replace(".git", "", StringComparison.Ordinal) : null);
    }

    private static RepositoryName Checked(string repoUrl, string host, string? owner, string? name) =>
        IsName(owner) && IsName(name) ? new RepositoryName(host, owner!, name!) : throw Invalid(repoUrl);

    private static bool IsName(string? text) =>
        text is { Length: > 0 and <= 100 } && text is not ("." or "..") && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static InputException Invalid(string repoUrl) =>
        InputException.For("repoUrl", repoUrl, "<host>?owner=<owner>&repo=<name>, as a RepoUrlPicker gives it");
}
