using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.MockTools.Git;
using DevPlatform.MockTools.Json;
using LibGit2Sharp;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>The repository cannot be read or what is in it is no set of manifests.</summary>
internal sealed class ManifestException(string message) : Exception(message);

/// <summary>Fetches repositories into bare clones and reads directories of manifests, and Helm charts, from their commits.</summary>
internal sealed class GitSource : IDisposable
{
    private readonly ArgoCdOptions _options;
    private readonly ConcurrentDictionary<string, object> _locks = new(StringComparer.Ordinal);

    // libgit2 refuses clones of other users, which matters when tests run as root in a user's directory.
    static GitSource() => GlobalSettings.SetOwnerValidation(false);

    public GitSource(ArgoCdOptions options) => _options = options;

    public void Dispose()
    {
        if (Directory.Exists(_options.Clones))
        {
            Directory.Delete(_options.Clones, recursive: true);
        }
    }

    /// <summary>The commit that a branch, tag or commit id means now.</summary>
    /// <exception cref="ManifestException">The server is away, or there is no such revision.</exception>
    public Task<string> ResolveAsync(string url, string revision) => Task.Run(() =>
    {
        using var repository = Fetch(url);
        var name = revision == "HEAD" ? "main" : revision;
        return GitTrees.Resolve(repository, name)?.Sha
            ?? throw new ManifestException($"rpc error: code = Unknown desc = unable to resolve '{revision}' to a commit SHA");
    });

    /// <summary>The manifests of an application at a commit, in the order of their files.</summary>
    /// <exception cref="ManifestException">The path is missing or a file is no manifest.</exception>
    public IReadOnlyList<JsonObject> Read(ApplicationSpec application, string commit)
    {
        using var repository = new Repository(PathOf(application.RepoUrl));
        var tip = repository.Lookup<Commit>(commit)!;
        var root = application.Path.Length == 0 ? tip.Tree : tip[application.Path]?.Target as Tree
            ?? throw new ManifestException($"rpc error: code = Unknown desc = {application.Path}: app path does not exist");
        if (root[Helm.Chart.FileName] is not null)
        {
            return ReadChart(application, root);
        }

        var manifests = new List<JsonObject>();
        foreach (var entry in (application.Recurse ? GitTrees.Files(root) : root.Where(e => e.TargetType == TreeEntryTargetType.Blob)).OrderBy(e => e.Path, StringComparer.Ordinal))
        {
            var path = entry.Path.StartsWith(application.Path + "/", StringComparison.Ordinal) ? entry.Path[(application.Path.Length + 1)..] : entry.Path;
            if (Path.GetExtension(path) is ".yaml" or ".yml" or ".json" && IsWanted(path, application))
            {
                manifests.AddRange(Parse(path, Encoding.UTF8.GetString(GitTrees.Bytes((Blob)entry.Target))));
            }
        }

        return manifests;
    }

    private static List<JsonObject> ReadChart(ApplicationSpec application, Tree root)
    {
        var prefix = application.Path.Length == 0 ? "" : application.Path + "/";
        var files = GitTrees.Files(root).ToDictionary(
            e => e.Path.StartsWith(prefix, StringComparison.Ordinal) ? e.Path[prefix.Length..] : e.Path, e => Encoding.UTF8.GetString(GitTrees.Bytes((Blob)e.Target)), StringComparer.Ordinal);
        return [.. Helm.Chart.Render(files, application.Source.Text("helm", "releaseName") ?? application.Name, application.DestinationNamespace, application.Source["helm"]).SelectMany(t => Parse(t.Path, t.Text))];
    }

    /// <summary>Author, time and message of a commit; null when it is not known.</summary>
    public JsonObject? Describe(string url, string commit)
    {
        if (!Directory.Exists(PathOf(url)))
        {
            return null;
        }

        using var repository = new Repository(PathOf(url));
        return GitTrees.Resolve(repository, commit) is not { } found ? null : new JsonObject
        {
            ["author"] = $"{found.Author.Name} <{found.Author.Email}>",
            ["date"] = found.Author.When.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"),
            ["message"] = found.Message.Trim(),
        };
    }

    private static bool IsWanted(string path, ApplicationSpec application) =>
        (application.Exclude is null || !Glob(application.Exclude).IsMatch(path)) && (application.Include is null || Glob(application.Include).IsMatch(path));

    /// <summary>Argo CD matches the whole path and lets * cross slashes.</summary>
    private static Regex Glob(string pattern)
    {
        var expression = Regex.Escape(pattern).Replace(@"\*", ".*").Replace(@"\?", ".");
        expression = Regex.Replace(expression, @"\\\{(?<alternatives>[^}]*)}", m => $"({m.Groups["alternatives"].Value.Replace(",", "|")})", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return new Regex($"^{expression}$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }

    private static IEnumerable<JsonObject> Parse(string path, string text)
    {
        IReadOnlyList<JsonNode?> documents;
        try
        {
            documents = YamlDocuments.Parse(text);
        }
        catch (FormatException error)
        {
            throw new ManifestException($"rpc error: code = FailedPrecondition desc = Failed to unmarshal \"{path}\": {error.Message}");
        }

        foreach (var document in documents.Where(d => d is not null))
        {
            if (document is not JsonObject manifest || manifest.Text("kind") is not { Length: > 0 } || manifest.Text("apiVersion") is not { Length: > 0 })
            {
                throw new ManifestException($"rpc error: code = FailedPrecondition desc = Failed to unmarshal \"{path}\": Object 'Kind' is missing: apiVersion and kind are required");
            }

            yield return manifest;
        }
    }

    private Repository Fetch(string url)
    {
        lock (_locks.GetOrAdd(url, _ => new object()))
        {
            var path = PathOf(url);
            if (!Directory.Exists(path))
            {
                Repository.Init(path, isBare: true);
            }

            var repository = new Repository(path);
            try
            {
                if (repository.Network.Remotes["origin"] is null)
                {
                    repository.Network.Remotes.Add("origin", url);
                }

                Commands.Fetch(repository, "origin", ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"], FetchOptions(), null);
                return repository;
            }
            catch (LibGit2SharpException error)
            {
                repository.Dispose();
                throw new ManifestException($"rpc error: code = Unknown desc = failed to list refs: {error.Message}");
            }
        }
    }

    private FetchOptions FetchOptions() => new()
    {
        TagFetchMode = TagFetchMode.None,
        Prune = true,
        CredentialsProvider = _options.RepoUsername is null
            ? null
            : (_, _, _) => new UsernamePasswordCredentials { Username = _options.RepoUsername, Password = _options.RepoPassword ?? "" },
    };

    private string PathOf(string url) => Path.Combine(_options.Clones, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..16] + ".git");
}
