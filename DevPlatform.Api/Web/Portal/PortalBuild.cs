using DevPlatform.ServiceDefaults;

namespace DevPlatform.Api.Web.Portal;

/// <summary>What <c>./dev portal</c> made, in a directory that need not exist yet.</summary>
internal sealed class PortalBuild(string directory)
{
    private (DateTime Written, string Text)? _template;

    /// <summary>
    /// At <c>Portal:Directory</c>; by default <c>portal</c> beside the program, and in Development <c>artifacts/portal</c> at the root of the
    /// repository.
    /// </summary>
    /// <exception cref="StartupException">It is no directory but a file.</exception>
    public static PortalBuild At(IConfiguration configuration, IHostEnvironment environment)
    {
        const string key = "Portal:Directory";
        var byDefault = environment.IsDevelopment() && RepositoryRoot() is { } root ? Path.Combine(root, "artifacts", "portal") : "portal";
        var directory = Path.GetFullPath(configuration[key] ?? byDefault, AppContext.BaseDirectory);
        return File.Exists(directory)
            ? throw new StartupException($"{key}: found the file \"{directory}\"; allowed: a directory")
            : new PortalBuild(directory);
    }

    /// <summary>The page's template as Backstage's build leaves it for whoever serves it; null while there is no build.</summary>
    public string? Template()
    {
        var file = new FileInfo(Path.Combine(directory, "index.html.tmpl"));
        if (!file.Exists)
        {
            return null;
        }

        if (_template is not { } known || known.Written != file.LastWriteTimeUtc)
        {
            known = (file.LastWriteTimeUtc, File.ReadAllText(file.FullName));
            _template = known;
        }

        return known.Text;
    }

    /// <summary>A file of the build, but not the pages, which <see cref="Template"/> stands for, and nothing outside.</summary>
    public FileInfo? Find(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        var file = new FileInfo(Path.GetFullPath(path, directory));
        var inside = file.FullName.StartsWith(directory + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside && file is { Exists: true, LinkTarget: null } && file.Extension is not (".html" or ".tmpl" or ".map" or ".br" or ".gz") ? file : null;
    }

    private static string? RepositoryRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "DevPlatform.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName;
    }
}
