using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Fetch;

/// <summary>A file read from outside, with its path relative to what was asked for.</summary>
internal sealed record FetchedFile(string Path, byte[] Content, bool Executable);

/// <summary>Reads a directory (or one file) of a Git repository, by a URL that may be relative to the template.</summary>
internal sealed class FetchSource(IGitRepositories repositories, IOptions<ScaffolderOptions> options)
{
    /// <exception cref="InputException">Not a Git address, a symbolic link, or too much.</exception>
    /// <exception cref="NotFoundException">Nothing there.</exception>
    public async Task<IReadOnlyList<FetchedFile>> ReadAsync(ActionContext context, string url, CancellationToken cancellationToken)
    {
        var address = Resolve(url, context.Spec.BaseUrl);
        var snapshot = await repositories.GetSnapshotAsync(address.CloneUrl, address.Reference, cancellationToken);
        var prefix = address.Path.Length == 0 ? "" : address.Path + "/";
        var files = snapshot.Find(address.Path) is { } single ? [single] : snapshot.List(address.Path);
        if (files.Count == 0)
        {
            throw new NotFoundException($"\"url\" is not valid: found \"{url}\", and {address.CloneUrl} has nothing at \"{address.Path}\" ({snapshot.Reference}); allowed: a directory or file of the repository");
        }

        if (files.Count > options.Value.Workspace.MaxFiles)
        {
            throw InputException.For("url", $"{files.Count} files", $"at most {options.Value.Workspace.MaxFiles} (Scaffolder:Workspace:MaxFiles)");
        }

        if (files.FirstOrDefault(f => f.IsSymbolicLink) is { } link)
        {
            throw InputException.For("url", $"{link.Path} (a symbolic link)", "files and directories; symbolic links are refused");
        }

        var fetched = new List<FetchedFile>(files.Count);
        long bytes = 0;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var content = snapshot.ReadBytes(file.Path);
            bytes += content.Length;
            if (bytes > options.Value.Workspace.MaxBytes)
            {
                throw InputException.For("url", $"more than {options.Value.Workspace.MaxBytes} bytes", "less (Scaffolder:Workspace:MaxBytes)");
            }

            fetched.Add(new FetchedFile(
                file.Path.StartsWith(prefix, StringComparison.Ordinal) ? file.Path[prefix.Length..] : Path.GetFileName(file.Path), content, file.IsExecutable));
        }

        return fetched;
    }

    public static GitUrl Resolve(string url, string? baseUrl)
    {
        var absolute = url;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.IsFile)
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
}
