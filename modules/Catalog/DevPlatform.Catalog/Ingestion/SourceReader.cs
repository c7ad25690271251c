using System.Collections.Concurrent;
using System.Text;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>
/// Reads the files that locations name: from Git where the address is one of a repository, else over HTTP; <c>file</c> locations from disk.
/// </summary>
public sealed class SourceReader(IGitRepositories git, UrlReader urls, IOptions<CatalogOptions> options)
{
    private const string Missing = "missing";

    /// <summary>A file's text.</summary>
    /// <param name="type"><c>url</c> or <c>file</c>.</param>
    /// <param name="target">URL or path.</param>
    /// <param name="session">What this run has read so far; learns what the answer depends on.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    internal async Task<string> ReadTextAsync(string type, string target, ReadSession session, CancellationToken cancellationToken) =>
        Decode(type switch
        {
            "file" => await ReadFileAsync(target, session, cancellationToken),
            "url" when GitUrl.TryParse(target, out var url) => await ReadGitAsync(url, session, cancellationToken),
            "url" => await ReadUrlAsync(target, session, cancellationToken),
            _ => throw InputException.For("type", type, "url or file"),
        });

    /// <summary>The commit of a repository; read once per run, so that a run sees one commit.</summary>
    internal async Task<GitSnapshot> SnapshotAsync(string cloneUrl, string? reference, ReadSession session, CancellationToken cancellationToken)
    {
        var snapshot = await session.Snapshots.GetOrAdd(
            (cloneUrl, reference), key => new Lazy<Task<GitSnapshot>>(() => git.GetSnapshotAsync(key.CloneUrl, key.Reference, cancellationToken))).Value;
        session.Dependencies[$"git {cloneUrl} {reference}"] = snapshot.Commit;
        return snapshot;
    }

    /// <summary>Whether what an earlier run depended on is as it was.</summary>
    internal async Task<bool> IsUnchangedAsync(IReadOnlyDictionary<string, string> dependencies, ReadSession session, CancellationToken cancellationToken)
    {
        foreach (var (dependency, version) in dependencies)
        {
            if (!await IsUnchangedAsync(dependency, version, session, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> IsUnchangedAsync(string dependency, string version, ReadSession session, CancellationToken cancellationToken)
    {
        var parts = dependency.Split(' ', 3);
        try
        {
            return parts[0] switch
            {
                "git" => version == (await HeadAsync(parts[1], parts[2].Length == 0 ? null : parts[2], session, cancellationToken)).Commit,
                "url" => await urls.ReadAsync(parts[1], version, cancellationToken) is null,
                _ => version == FileVersion(dependency[5..]),
            };
        }
        catch (PlatformException)
        {
            // What could not be read is as it was; what could, and cannot now, is looked at again with all the rest.
            return version == Missing;
        }
    }

    private async Task<GitHead> HeadAsync(string cloneUrl, string? reference, ReadSession session, CancellationToken cancellationToken) =>
        await session.Heads.GetOrAdd((cloneUrl, reference), key => new Lazy<Task<GitHead>>(() => git.ResolveAsync(key.CloneUrl, key.Reference, cancellationToken))).Value;

    private async Task<byte[]> ReadGitAsync(GitUrl url, ReadSession session, CancellationToken cancellationToken)
    {
        var snapshot = await SnapshotAsync(url.CloneUrl, url.Reference, session, cancellationToken);
        var bytes = snapshot.ReadBytes(url.Path);
        RequireBounded(url.ToString(), bytes.Length);
        return bytes;
    }

    private async Task<byte[]> ReadUrlAsync(string target, ReadSession session, CancellationToken cancellationToken)
    {
        // Until it has been read, a file is missing: should it appear, the run repeats.
        session.Dependencies[$"url {target}"] = Missing;
        var (bytes, version) = (await urls.ReadAsync(target, null, cancellationToken))!.Value;
        session.Dependencies[$"url {target}"] = version;
        return bytes;
    }

    private async Task<byte[]> ReadFileAsync(string path, ReadSession session, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        session.Dependencies[$"file {full}"] = FileVersion(full);
        var file = new FileInfo(full);
        if (!file.Exists)
        {
            throw new NotFoundException($"File {full} was not found");
        }

        RequireBounded(full, file.Length);
        return await File.ReadAllBytesAsync(full, cancellationToken);
    }

    private static string FileVersion(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.Length} {file.LastWriteTimeUtc.Ticks}" : Missing;
    }

    private void RequireBounded(string name, long bytes)
    {
        if (bytes > options.Value.MaxFileBytes)
        {
            throw new InputException($"{name} is too large: found {bytes} bytes; allowed: at most {options.Value.MaxFileBytes}");
        }
    }

    private static string Decode(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }
}

/// <summary>What one run over sources has asked for and what its result depends on.</summary>
internal sealed class ReadSession
{
    public ConcurrentDictionary<(string CloneUrl, string? Reference), Lazy<Task<GitSnapshot>>> Snapshots { get; } = new();

    public ConcurrentDictionary<(string CloneUrl, string? Reference), Lazy<Task<GitHead>>> Heads { get; } = new();

    /// <summary>What was read → its version.</summary>
    public ConcurrentDictionary<string, string> Dependencies { get; } = new(StringComparer.Ordinal);
}
