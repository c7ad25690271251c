using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Shared.Git;

/// <summary>Software that serves repositories, where its addresses matter.</summary>
public enum GitHosting
{
    /// <summary>Gitea and Forgejo.</summary>
    Gitea,

    /// <summary>GitHub and GitHub Enterprise.</summary>
    GitHub,
}

/// <summary>
/// The address of a file or directory in a Git repository, in the forms of web addresses that people copy:
/// Gitea (<c>…/org/repo/src/branch/main/path</c>, also <c>raw</c>, <c>tag</c>, <c>commit</c>), GitHub (<c>…/org/repo/blob/main/path</c>, also
/// <c>tree</c>, <c>raw</c>, <c>raw.githubusercontent.com</c>), GitLab (<c>…/org/repo/-/blob/main/path</c>), and clone URL plus path
/// (<c>https://host/org/repo.git/path?ref=main</c>). A reference that holds a slash is written with <c>%2F</c>.
/// </summary>
public sealed partial record GitUrl
{
    // All patterns are linear; the limit only has to be beyond what a busy machine takes.
    private const int MatchTimeout = 10_000;
    private const int MaxLength = 4096;

    private GitUrl(Form form, string repository, string? kind, string? reference, string path)
    {
        _form = form;
        _repository = repository;
        _kind = kind;
        Reference = reference;
        Path = path;
    }

    private enum Form
    {
        Clone,
        Gitea,
        GitHub,
        GitHubRaw,
        GitLab,
    }

    private readonly Form _form;
    private readonly string _repository;
    private readonly string? _kind;

    /// <summary>The repository's clone URL.</summary>
    public string CloneUrl => _form switch
    {
        Form.Clone => _repository,
        Form.GitHubRaw => $"https://github.com/{_repository[(_repository.IndexOf("//", StringComparison.Ordinal) + 2)..].Split('/', 2)[1]}.git",
        _ => _repository + ".git",
    };

    /// <summary>Branch, tag or commit; null for the default branch.</summary>
    public string? Reference { get; }

    /// <summary>Path from the repository's root without leading slash; "" for the root.</summary>
    public string Path { get; }

    /// <summary>Recognises an address; false for URLs of other kinds, which are read as plain files.</summary>
    public static bool TryParse(string? url, [NotNullWhen(true)] out GitUrl? parsed)
    {
        parsed = null;
        if (url is null || url.Length > MaxLength || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "file") || uri.UserInfo.Length > 0)
        {
            return false;
        }

        var origin = uri.Scheme == "file" ? "file://" : uri.GetLeftPart(UriPartial.Authority);
        var path = uri.AbsolutePath;
        if (uri.Host.Equals("raw.githubusercontent.com", StringComparison.OrdinalIgnoreCase) && RawGitHub().Match(path) is { Success: true } raw)
        {
            parsed = From(Form.GitHubRaw, origin, raw, kind: null);
        }
        else if (GitLab().Match(path) is { Success: true } gitLab)
        {
            parsed = From(Form.GitLab, origin, gitLab, gitLab.Groups["kind"].Value);
        }
        else if (Gitea().Match(path) is { Success: true } gitea)
        {
            parsed = From(Form.Gitea, origin, gitea, gitea.Groups["kind"].Value);
        }
        else if (GitHub().Match(path) is { Success: true } gitHub)
        {
            parsed = From(Form.GitHub, origin, gitHub, gitHub.Groups["kind"].Value);
        }
        else if (CloneAndPath().Match(path) is { Success: true } clone)
        {
            var reference = uri.Query.StartsWith("?ref=", StringComparison.Ordinal) ? Uri.UnescapeDataString(uri.Query[5..]) : null;
            parsed = new GitUrl(Form.Clone, origin + clone.Groups["repo"].Value, null, reference, Unescape(clone.Groups["path"].Value));
        }

        return parsed is not null;
    }

    /// <summary>The web address of a file, for a clone URL: GitHub's form on github.com, Gitea's elsewhere, clone URL plus path for <c>file://</c>.</summary>
    /// <param name="cloneUrl">The repository.</param>
    /// <param name="reference">Branch, tag or commit.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="hosting">Whose form a host other than github.com has; default Gitea's.</param>
    public static GitUrl ForFile(string cloneUrl, string reference, string path, GitHosting? hosting = null)
    {
        var repository = cloneUrl.TrimEnd('/');
        var bare = repository.EndsWith(".git", StringComparison.Ordinal) ? repository[..^4] : repository;
        if (cloneUrl.StartsWith("file:", StringComparison.Ordinal))
        {
            return new GitUrl(Form.Clone, bare + ".git", null, reference, GitPath.Normalize(path));
        }

        var gitHub = hosting == GitHosting.GitHub || new Uri(cloneUrl).Host.Equals("github.com", StringComparison.OrdinalIgnoreCase);
        return new GitUrl(gitHub ? Form.GitHub : Form.Gitea, bare, gitHub ? "blob" : "src/branch", reference, GitPath.Normalize(path));
    }

    /// <summary>
    /// The address that <paramref name="target"/> means when the file at this address names it: a relative path (of this file's directory, or
    /// of the root when it starts with <c>/</c>) or an absolute URL in one of the forms.
    /// </summary>
    /// <exception cref="InputException">The path leads out of the repository.</exception>
    public string Resolve(string target)
    {
        if (Uri.TryCreate(target, UriKind.Absolute, out var absolute) && !absolute.IsFile)
        {
            return target;
        }

        var directory = Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";
        var path = GitPath.Normalize(target.StartsWith('/') ? target : $"{directory}/{target}");
        return new GitUrl(_form, _repository, _kind, Reference, path).ToString();
    }

    /// <summary>The address of the directory that holds this file, with a trailing slash.</summary>
    public string DirectoryUrl
    {
        get
        {
            var directory = Path.Contains('/', StringComparison.Ordinal) ? Path[..(Path.LastIndexOf('/') + 1)] : "";
            var kind = _form is Form.GitHub or Form.GitLab ? "tree" : _kind;
            return Write(kind, directory);
        }
    }

    /// <summary>Where a browser edits the file; null where the form has no such page.</summary>
    public string? EditUrl => _form switch
    {
        Form.Gitea => Write(_kind!.Replace("src/", "_edit/", StringComparison.Ordinal).Replace("raw/", "_edit/", StringComparison.Ordinal), Path),
        Form.GitHub or Form.GitLab => Write("edit", Path),
        _ => null,
    };

    /// <summary>The address, in the form it came in.</summary>
    public override string ToString() => Write(_kind, Path);

    private string Write(string? kind, string path)
    {
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var reference = Reference is null ? null : Uri.EscapeDataString(Reference);
        return _form switch
        {
            Form.Clone => $"{_repository}/{escaped}{(reference is null ? "" : $"?ref={reference}")}",
            Form.GitHubRaw => $"{_repository}/{reference}/{escaped}",
            Form.GitLab => $"{_repository}/-/{kind}/{reference}/{escaped}",
            _ => $"{_repository}/{kind}/{reference}/{escaped}",
        };
    }

    private static GitUrl From(Form form, string origin, Match match, string? kind) => new(
        form, origin + match.Groups["repo"].Value, kind, Uri.UnescapeDataString(match.Groups["ref"].Value), Unescape(match.Groups["path"].Value));

    private static string Unescape(string path) => Uri.UnescapeDataString(path).Trim('/');

    [GeneratedRegex("^(?<repo>/.+?)/(?<kind>(src|raw)/(branch|tag|commit))/(?<ref>[^/]+)(?<path>/.*)?$", RegexOptions.None, MatchTimeout)]
    private static partial Regex Gitea();

    [GeneratedRegex("^(?<repo>/[^/]+/[^/]+)/(?<kind>blob|tree|raw|edit)/(?<ref>[^/]+)(?<path>/.*)?$", RegexOptions.None, MatchTimeout)]
    private static partial Regex GitHub();

    [GeneratedRegex("^(?<repo>/[^/]+/[^/]+)/(?<ref>[^/]+)(?<path>/.*)?$", RegexOptions.None, MatchTimeout)]
    private static partial Regex RawGitHub();

    [GeneratedRegex("^(?<repo>/.+?)/-/(?<kind>blob|tree|raw|edit)/(?<ref>[^/]+)(?<path>/.*)?$", RegexOptions.None, MatchTimeout)]
    private static partial Regex GitLab();

    [GeneratedRegex(@"^(?<repo>/.+?\.git)(?<path>/.*)?$", RegexOptions.None, MatchTimeout)]
    private static partial Regex CloneAndPath();
}
