using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>
/// This process's folder below <c>Scaffolder:WorkingDirectory</c>: workspaces, clones, dry runs. A file beside it is locked for as long as the process
/// lives, so that what a killed process left (workspaces may hold secrets) is known from what a living one still uses, and removed by whoever comes next.
/// </summary>
internal sealed class ScratchDirectory : IDisposable
{
    private const string LockExtension = ".lock";
    private readonly ILogger<ScratchDirectory> _logger;
    private readonly FileStream _lock;
    private readonly string _root;
    private readonly string _own;

    public ScratchDirectory(IOptions<ScaffolderOptions> options, ILogger<ScratchDirectory> logger)
    {
        _logger = logger;
        _root = Directory.CreateDirectory(options.Value.WorkingDirectory).FullName;
        do
        {
            _own = Path.Combine(_root, Guid.NewGuid().ToString("N"));
            // The lock comes before the folder: a folder never stands there without one.
        }
        while ((_lock = TryLock(_own + LockExtension, FileMode.CreateNew)!) is null);
        Directory.CreateDirectory(_own);
    }

    /// <summary>Path of something in the folder; it need not exist.</summary>
    public string PathOf(params string[] parts) => Path.Combine([_own, .. parts]);

    /// <summary>Removes the folders of processes that are gone.</summary>
    public void DeleteAbandoned()
    {
        foreach (var file in Directory.EnumerateFiles(_root, "*" + LockExtension).Where(f => f != _own + LockExtension))
        {
            using var abandoned = TryLock(file, FileMode.Open);
            if (abandoned is not null)
            {
                Delete(Path.ChangeExtension(file, null), file);
            }
        }
    }

    public void Dispose()
    {
        Delete(_own, _own + LockExtension);
        _lock.Dispose();
    }

    private void Delete(string directory, string lockFile)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }

            File.Delete(lockFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.LogWarning("Scratch directory {Directory} could not be deleted: {Error}", directory, e.Message);
        }
    }

    private static FileStream? TryLock(string file, FileMode mode)
    {
        try
        {
            return new FileStream(file, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
