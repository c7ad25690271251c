using System.Security.Cryptography;
using System.Text;

namespace DevPlatform.AppHost.Embedded;

/// <summary>Where a topology keeps its data. One host at a time.</summary>
internal sealed class StateDirectory : IDisposable
{
    private const string DownloadsName = "downloads";
    private FileStream? _lock;

    private StateDirectory(string path, string? note, string? downloads)
    {
        Root = path;
        Note = note;
        Downloads = downloads ?? Path.Combine(path, DownloadsName);
    }

    public string Root { get; }

    /// <summary>Why this is not the usual place; null when it is.</summary>
    public string? Note { get; }

    /// <summary>Programs fetched once for this clone, whatever data a run has; kept by <c>--clean</c>.</summary>
    public string Downloads { get; }

    /// <summary>
    /// <paramref name="configured"/>, else <c>.devplatform</c> beside the solution. As root, PostgreSQL runs as another user, who must be
    /// able to get there: where a folder on the way is private, a folder under /var/tmp named after the clone takes its place.
    /// </summary>
    public static StateDirectory Choose(string? configured, string appHostDirectory)
    {
        var downloads = configured is null ? null : Choose(null, appHostDirectory).Downloads;
        var usual = Path.GetFullPath(configured ?? Path.Combine(appHostDirectory, "..", ".devplatform"));
        if (!Posix.IsRoot || IsOpenToOthers(usual))
        {
            return new(usual, null, downloads);
        }

        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(usual)))[..12];
        var fallback = $"/var/tmp/devplatform-{key}";
        return new(fallback, $"data is in {fallback}: {usual} is in a private folder, where PostgreSQL (which does not run as root) cannot read", downloads);
    }

    /// <summary>A folder for one resource's data.</summary>
    public string For(string name)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Makes a folder for something fetched, and keeps other hosts out of it until disposed.</summary>
    public async Task<IDisposable> LockDownloadAsync(string name, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(Downloads, name));
        RefuseForeign(Path.GetDirectoryName(Downloads)!);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(Downloads, name + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }

    public void Open(bool clean)
    {
        Directory.CreateDirectory(Root);
        RefuseForeign(Root);
        try
        {
            _lock = new FileStream(Path.Combine(Root, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DistributedApplicationException(
                $"Another DevPlatform host is using {Root}. Stop it, or give this one its own data with --DataDirectory=<path> and its own ports with --Ports:<resource>=<port>.", e);
        }

        if (clean)
        {
            foreach (var directory in Directory.GetDirectories(Root).Where(directory => Path.GetFileName(directory) != DownloadsName))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    public void DeleteAll()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    public void Dispose() => _lock?.Dispose();

    // Under /var/tmp anybody could have made the folder before us.
    private static void RefuseForeign(string root)
    {
        if (Posix.IsRoot && root.StartsWith("/var/tmp/", StringComparison.Ordinal) && Posix.OwnerOf(root) != 0)
        {
            throw new DistributedApplicationException($"{root} belongs to another user. Remove it, or set DataDirectory to a folder that the user postgres can reach.");
        }
    }

    private static bool IsOpenToOthers(string path)
    {
        for (var directory = new DirectoryInfo(path); directory is not null; directory = directory.Parent)
        {
            if (directory.Exists && !directory.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
