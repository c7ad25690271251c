using System.Text.Json.Nodes;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Fetch;

/// <summary>A file read from outside, with its path relative to what was asked for.</summary>
internal sealed record FetchedFile(string Path, byte[] Content, bool Executable);

/// <summary>
/// Reads a directory (or one file) by a URL that may be relative to the template: of a Git repository, or of the files that a dry run brought along.
/// </summary>
internal sealed class FetchSource(IGitRepositories repositories, TokenClone tokenClone, IOptions<ScaffolderOptions> options)
{
    public static (string Name, JsonObject Schema) TokenInput =>
        ("token", Schema.Text("An optional token to use for authentication when reading the resources."));

    /// <exception cref="InputException">Not a Git address, a symbolic link, or too much.</exception>
    /// <exception cref="NotFoundException">Nothing there.</exception>
    public async Task<IReadOnlyList<FetchedFile>> ReadAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var url = context.Text("url")!;
        if (context.DryRunFiles is { } given && !IsAbsolute(url))
        {
            return Find(given, url);
        }

        var address = Resolve(url, context.Spec.BaseUrl);
        // What one person's token may read must not end up in clones that serve everyone.
        return context.Text("token") is { } token
            ? await tokenClone.ReadAsync(address, token, url, cancellationToken)
            : Read(new SnapshotTree(await repositories.GetSnapshotAsync(address.CloneUrl, address.Reference, cancellationToken)), address, url, options.Value.Workspace, cancellationToken);
    }

    /// <summary>Exactly one file.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<FetchedFile> ReadFileAsync(ActionContext context, CancellationToken cancellationToken) =>
        await ReadAsync(context, cancellationToken) is [var file] && file.Path == Uri.UnescapeDataString(context.Text("url")!.Split('?')[0].Split('/')[^1])
            ? file
            : throw InputException.For("url", context.Text("url"), "the address of one file");

    /// <summary>The files at an address, within the limits of a workspace.</summary>
    public static IReadOnlyList<FetchedFile> Read(ISourceTree tree, GitUrl address, string url, WorkspaceOptions limits, CancellationToken cancellationToken)
    {
        var prefix = address.Path.Length == 0 ? "" : address.Path + "/";
        var files = tree.Find(address.Path);
        if (files.Count == 0)
        {
            throw new NotFoundException($"\"url\" is not valid: found \"{url}\", and {address.CloneUrl} has nothing at \"{address.Path}\" ({tree.Reference}); allowed: a directory or file of the repository");
        }

        if (files.Count > limits.MaxFiles)
        {
            throw InputException.For("url", $"{files.Count} files", $"at most {limits.MaxFiles} (Scaffolder:Workspace:MaxFiles)");
        }

        if (files.FirstOrDefault(f => f.IsSymbolicLink) is { } link)
        {
            throw InputException.For("url", $"{link.Path} (a symbolic link)", "files and directories; symbolic links are refused");
        }

        var fetched = new List<FetchedFile>(files.Count);
        long bytes = 0;
        foreach (var chunk in files.Chunk(50))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var contents = tree.ReadBytes([.. chunk.Select(f => f.Path)]);
            bytes += contents.Sum(c => (long)c.Length);
            if (bytes > limits.MaxBytes)
            {
                throw InputException.For("url", $"more than {limits.MaxBytes} bytes", "less (Scaffolder:Workspace:MaxBytes)");
            }

            fetched.AddRange(chunk.Zip(contents, (file, content) => new FetchedFile(
                file.Path.StartsWith(prefix, StringComparison.Ordinal) ? file.Path[prefix.Length..] : Path.GetFileName(file.Path), content, file.IsExecutable)));
        }

        return fetched;
    }

    public static GitUrl Resolve(string url, string? baseUrl)
    {
        var absolute = url;
        if (!IsAbsolute(url))
        {
            // A source location that is a directory ends with a slash; relative paths start from the file in it.
            var origin = baseUrl is { } b && b.EndsWith('/') ? b + "template.yaml" : baseUrl;
            absolute = GitUrl.TryParse(origin, out var template)
                ? template.Resolve(url)
                : throw InputException.For("url", url, $"an absolute Git address (the template's own location, {baseUrl ?? "unknown"}, is not in Git)");
        }

        return GitUrl.TryParse(absolute, out var parsed)
            ? parsed
            : throw InputException.For("url", url, "an address in a Git repository (Gitea, GitHub, GitLab, or clone URL and path)");
    }

    private static List<FetchedFile> Find(IReadOnlyList<FetchedFile> given, string url)
    {
        var path = Path.GetRelativePath("/", Path.GetFullPath(url.TrimEnd('/'), "/"));
        var prefix = path == "." ? "" : path + "/";
        var found = given.Select(f => f with { Path = Path.GetRelativePath("/", Path.GetFullPath(f.Path, "/")) })
            .Where(f => f.Path == path || f.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(f => f with { Path = f.Path == path ? Path.GetFileName(f.Path) : f.Path[prefix.Length..] })
            .ToList();
        return found.Count > 0 ? found : throw new NotFoundException($"\"url\" is not valid: found \"{url}\"; allowed: a directory or file of directoryContents");
    }

    private static bool IsAbsolute(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && !uri.IsFile;
}

/// <summary>The files of one commit, wherever it was read from.</summary>
internal interface ISourceTree
{
    /// <summary>Branch, tag or commit, for messages.</summary>
    string Reference { get; }

    /// <summary>The file at a path, or the files below it.</summary>
    IReadOnlyList<GitFile> Find(string path);

    IReadOnlyList<byte[]> ReadBytes(IReadOnlyList<string> paths);
}

/// <summary>A commit of the clones that all of the platform shares.</summary>
internal sealed class SnapshotTree(GitSnapshot snapshot) : ISourceTree
{
    public string Reference => snapshot.Reference;

    public IReadOnlyList<GitFile> Find(string path) => snapshot.Find(path) is { } single ? [single] : snapshot.List(path);

    public IReadOnlyList<byte[]> ReadBytes(IReadOnlyList<string> paths) => snapshot.ReadBytes(paths);
}
