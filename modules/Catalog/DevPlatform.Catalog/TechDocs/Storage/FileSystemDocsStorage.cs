using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.TechDocs.Storage;

/// <summary>Sites as directories; written beside and moved into place.</summary>
internal sealed class FileSystemDocsStorage(IOptions<TechDocsOptions> options, TimeProvider time, ILogger<FileSystemDocsStorage> logger) : IDocsStorage
{
    private const string Unfinished = ".unfinished-";
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private string Root => options.Value.Directory;

    public Task<bool> ContainsAsync(string site, CancellationToken cancellationToken) => Task.FromResult(Directory.Exists(DirectoryOf(site)));

    public async Task SaveAsync(string site, IEnumerable<DocsFile> files, CancellationToken cancellationToken)
    {
        var beside = Path.Combine(Root, Unfinished + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(beside);
        try
        {
            foreach (var file in files)
            {
                var path = PathOf(beside, file.Path) ?? throw new InvalidOperationException($"\"{file.Path}\" leads out of the site");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, file.Content, cancellationToken);
            }

            Directory.Move(beside, DirectoryOf(site));
        }
        catch (IOException) when (Directory.Exists(DirectoryOf(site)))
        {
            // Another replica was faster, with the same bytes.
        }
        finally
        {
            Delete(beside);
        }

        Prune(site);
    }

    public Task<Stream?> OpenAsync(string site, string path, CancellationToken cancellationToken)
    {
        var file = PathOf(DirectoryOf(site), path);
        return Task.FromResult<Stream?>(file is not null && File.Exists(file)
            ? new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan)
            : null);
    }

    private string DirectoryOf(string site) => site.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && site.Length > 0
        ? Path.Combine(Root, site)
        : throw new ArgumentException($"\"{site}\" names no site", nameof(site));

    private static string? PathOf(string directory, string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var full = Path.GetFullPath(path.Replace('\\', '/'), directory);
        return full.StartsWith(directory + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full : null;
    }

    private void Prune(string keep)
    {
        var now = time.GetUtcNow();
        var left = options.Value.MaxStoredBytes;
        foreach (var directory in new DirectoryInfo(Root).EnumerateDirectories().OrderByDescending(d => d.Name == keep).ThenByDescending(d => d.LastWriteTimeUtc))
        {
            if (directory.Name.StartsWith(Unfinished, StringComparison.Ordinal))
            {
                if (now.UtcDateTime - directory.LastWriteTimeUtc > Abandoned)
                {
                    Delete(directory.FullName);
                }

                continue;
            }

            left -= SizeOf(directory);
            if (left < 0 && directory.Name != keep)
            {
                logger.LogInformation("Documentation site {Site} is removed to make room", directory.Name);
                Delete(directory.FullName);
            }
        }
    }

    private static long SizeOf(DirectoryInfo directory)
    {
        try
        {
            return directory.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (IOException)
        {
            // Another replica removes it right now.
            return 0;
        }
    }

    private void Delete(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (IOException e)
        {
            logger.LogDebug(e, "{Directory} is being removed by someone else", directory);
        }
    }
}
