using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions;

/// <summary>
/// A task's directory. Paths come from templates, which are untrusted: none may lead out of the directory, symbolic links are refused, and size
/// is limited.
/// </summary>
internal sealed class Workspace
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private readonly WorkspaceOptions _limits;
    private long _bytes;
    private int _files;

    public Workspace(string root, WorkspaceOptions limits)
    {
        Root = Path.GetFullPath(root);
        _limits = limits;
        Directory.CreateDirectory(Root);
        foreach (var file in Files())
        {
            Count(new FileInfo(Path.Combine(Root, file)).Length);
        }
    }

    public string Root { get; }

    /// <summary>Absolute path of something inside the workspace.</summary>
    /// <exception cref="InputException">It would be outside, or a part of it is a symbolic link.</exception>
    public string Resolve(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw InputException.For("path", path.Replace('\0', '?'), "a path without zero characters");
        }

        var full = Path.GetFullPath(Path.Combine(Root, path.Replace('\\', '/')));
        if (full != Root && !full.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw InputException.For("path", path, "a path inside the workspace (Relative path is not allowed to refer to a directory outside its parent)");
        }

        for (var part = full; part.Length > Root.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null)
            {
                throw InputException.For("path", path, "a path without symbolic links");
            }
        }

        return full;
    }

    /// <summary>Every file, as sorted paths relative to the workspace, with <c>/</c>.</summary>
    public IReadOnlyList<string> Files(string directory = ".")
    {
        var start = Resolve(directory);
        return Directory.Exists(start)
            ? [.. new DirectoryInfo(start).EnumerateFiles("*", SearchOption.AllDirectories)
                .Select(f => Relative(f.FullName))
                .Order(StringComparer.Ordinal)]
            : [];
    }

    public string Relative(string fullPath) => Path.GetRelativePath(Root, fullPath).Replace('\\', '/');

    public bool Exists(string path)
    {
        var full = Resolve(path);
        return File.Exists(full) || Directory.Exists(full);
    }

    public Task<string> ReadTextAsync(string path, CancellationToken cancellationToken) => File.ReadAllTextAsync(Resolve(path), cancellationToken);

    public Task WriteTextAsync(string path, string text, CancellationToken cancellationToken) =>
        WriteAsync(path, System.Text.Encoding.UTF8.GetBytes(text), executable: false, cancellationToken);

    /// <summary>Writes a file, with its directories.</summary>
    /// <exception cref="InputException">The workspace would be too large.</exception>
    public async Task WriteAsync(string path, byte[] content, bool executable, CancellationToken cancellationToken)
    {
        var full = Resolve(path);
        if (Directory.Exists(full))
        {
            throw InputException.For("path", path, "a file name: there is a directory of that name");
        }

        Count(content.Length);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await File.WriteAllBytesAsync(full, content, cancellationToken);
        if (executable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(full, File.GetUnixFileMode(full) | Execute);
        }
    }

    public static bool IsExecutable(string fullPath) =>
        !OperatingSystem.IsWindows() && File.GetUnixFileMode(fullPath).HasFlag(UnixFileMode.UserExecute);

    private void Count(long length)
    {
        _files++;
        _bytes += length;
        if (_files > _limits.MaxFiles)
        {
            throw InputException.For("workspace", $"more than {_limits.MaxFiles} files", $"at most {_limits.MaxFiles} (Scaffolder:Workspace:MaxFiles)");
        }

        if (_bytes > _limits.MaxBytes)
        {
            throw InputException.For("workspace", $"{_bytes} bytes", $"at most {_limits.MaxBytes} (Scaffolder:Workspace:MaxBytes)");
        }
    }
}
