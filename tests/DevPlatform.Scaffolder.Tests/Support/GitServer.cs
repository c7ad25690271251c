using DevPlatform.MockTools.Hosting;
using LibGit2Sharp;
using Microsoft.AspNetCore.Builder;

namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>The mock Git server with an empty-ish GitOps repository and a repository of templates.</summary>
public sealed class GitServer : IAsyncDisposable
{
    private const string GitOps = "platform/gitops";
    private readonly WebApplication _app;
    private readonly string _root;

    private GitServer(WebApplication app, string root, Uri baseUrl) => (_app, _root, BaseUrl) = (app, root, baseUrl);

    public Uri BaseUrl { get; }

    public string GitOpsUrl => $"{BaseUrl}platform/gitops.git";

    /// <summary>Where a template of the templates repository says it comes from.</summary>
    public string TemplateUrl(string name) => $"{BaseUrl}platform/templates/src/branch/main/{name}/template.yaml";

    public Dictionary<string, string?> Settings => new()
    {
        ["Git:Server"] = BaseUrl.ToString(),
        ["Git:Username"] = "portal",
        ["Git:Password"] = "portal-password",
        ["Scaffolder:GitOps:Repository"] = GitOpsUrl,
        ["Scaffolder:GitOps:PullRequestPollInterval"] = "00:00:00.200",
        ["Scaffolder:GitOps:AllowedRepositories:1"] = $"{BaseUrl}services/*",
        ["Scaffolder:Guardrails:PullRequests:0"] = "*/sensitive",
    };

    public static async Task<GitServer> StartAsync(string directory)
    {
        var seed = Path.Combine(directory, "seed");
        Write(seed, "platform/gitops/README.md", "# GitOps\n");
        Write(seed, "platform/gitops/claims/other/taken/catalog-info.yaml", "kind: Resource\nmetadata:\n  name: taken\n");
        Write(seed, "platform/gitops/claims/other/taken/claim.yaml", "kind: Thing\n");
        Write(seed, "platform/templates/database/skeleton/README.md", "Database ${{ values.name }} of ${{ values.owner }}\n");
        Write(seed, "platform/templates/database/skeleton/docs/${{ values.name }}.md", "${{ values.name }}\n");
        Write(seed, "platform/templates/database/skeleton/raw/kept.txt", "${{ values.name }}\n");
        Write(seed, "platform/templates/database/skeleton/${{ values.missing }}", "left out\n");
        Write(seed, "platform/templates/provision/all.yaml", SampleTemplates.Provisioning);
        Write(seed, "platform/templates/escape/skeleton/${{ values.name }}/x", "x\n");
        foreach (var kind in new[] { "inside", "escaping", "cyclic" })
        {
            Write(seed, $"platform/templates/links/{kind}/skeleton/README.md", "# Read me\n");
        }

        foreach (var (name, (path, content, _)) in HostileSkeletons.All)
        {
            Write(seed, $"platform/templates/hostile/{name}/skeleton/{path}", content);
        }

        File.WriteAllBytes(Write(seed, "platform/templates/database/skeleton/logo.bin", ""), [0, 1, .. "${{ values.name }}"u8]);
        var script = Write(seed, "platform/templates/database/skeleton/run.sh", "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, File.GetUnixFileMode(script) | UnixFileMode.UserExecute);
        }

        var root = Path.Combine(directory, "repositories");
        var (app, baseUrl) = await MockToolHost.StartAsync(
            "git", $"--Git:Root={root}", $"--Git:Seed={seed}", "--Git:Users:portal=portal-password", "--Logging:LogLevel:Default=Warning");
        foreach (var (kind, target) in new[] { ("inside", "README.md"), ("escaping", "/etc/passwd"), ("cyclic", "link") })
        {
            AddSymbolicLink(Path.Combine(root, "platform", "templates.git"), $"links/{kind}/skeleton/link", target);
        }

        return new GitServer(app, root, baseUrl);
    }

    /// <summary>Commits of a repository's main branch, newest first.</summary>
    public IReadOnlyList<(string Sha, string Message, Signature Author, Signature Committer)> Commits(string of = GitOps)
    {
        using var repository = Open(of);
        return [.. repository.Branches["main"].Commits.Select(c => (c.Sha, c.Message, c.Author, c.Committer))];
    }

    public string? Read(string path, string of = GitOps)
    {
        using var repository = Open(of);
        return (repository.Branches["main"].Tip[path]?.Target as Blob)?.GetContentText();
    }

    /// <summary>From now on the server writes down how the GitOps repository's branches move.</summary>
    public void LogUpdates()
    {
        using var repository = Open(GitOps);
        repository.Config.Set("core.logAllRefUpdates", "always");
    }

    /// <summary>How its main branch moved since <see cref="LogUpdates"/>: whether each move was to a commit made on top of the one before.</summary>
    public IReadOnlyList<bool> UpdatesOnTop()
    {
        using var repository = Open(GitOps);
        return [.. File.ReadLines(Path.Combine(DirectoryOf(GitOps), "logs", "refs", "heads", "main")).Select(line => line.Split(' '))
            .Select(words => repository.Lookup<Commit>(words[1]).Parents.Any(parent => parent.Sha == words[0]))];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>The bare repository itself.</summary>
    public string DirectoryOf(string name) => Path.Combine(_root, name + ".git");

    private Repository Open(string name) => new(DirectoryOf(name));

    private static void AddSymbolicLink(string directory, string path, string target)
    {
        using var repository = new Repository(directory);
        var tip = repository.Branches["main"].Tip;
        using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(target));
        var tree = TreeDefinition.From(tip).Add(path, repository.ObjectDatabase.CreateBlob(content), Mode.SymbolicLink);
        var author = new Signature("Tester", "tester@example.com", DateTimeOffset.UtcNow);
        var commit = repository.ObjectDatabase.CreateCommit(author, author, "A link", repository.ObjectDatabase.CreateTree(tree), [tip], prettifyMessage: true);
        repository.Refs.UpdateTarget(repository.Refs["refs/heads/main"], commit.Id);
    }

    private static string Write(string root, string path, string text)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }
}
