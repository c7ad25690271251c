using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;

namespace DevPlatform.Catalog.TechDocs.Sources;

/// <summary>The documentation in one commit: configuration and files, read only within the repository, symbolic links left alone.</summary>
internal sealed class DocsTree
{
    private const int MaxLookups = 500;
    private const int MaxDepth = 20;

    private readonly Dictionary<string, bool> _lookups = new(StringComparer.Ordinal);

    private DocsTree(DocsSource source, GitSnapshot snapshot, MkDocsConfig config, string root, string? configFile, IReadOnlyList<GitFile> files, IReadOnlyList<string> warnings)
    {
        Source = source;
        Snapshot = snapshot;
        Config = config;
        Root = root;
        ConfigFile = configFile;
        Files = files;
        Warnings = warnings;
    }

    public DocsSource Source { get; }

    public GitSnapshot Snapshot { get; }

    public MkDocsConfig Config { get; }

    /// <summary>The docs directory, from the repository's root.</summary>
    public string Root { get; }

    /// <summary>Path of <c>mkdocs.yml</c>, from the repository's root; null when there is none.</summary>
    public string? ConfigFile { get; }

    /// <summary>Files, with paths from <see cref="Root"/>.</summary>
    public IReadOnlyList<GitFile> Files { get; }

    public IReadOnlyList<string> Warnings { get; }

    /// <exception cref="NotFoundException">No documentation there.</exception>
    /// <exception cref="InputException">Too much of it, or a bad configuration.</exception>
    public static DocsTree Open(DocsSource source, GitSnapshot snapshot, TechDocsOptions options)
    {
        var configFile = new[] { "mkdocs.yml", "mkdocs.yaml" }
            .Select(name => DocsPath.Combine(source.Directory, name)!)
            .FirstOrDefault(path => snapshot.Find(path) is not null);
        var name = source.EntityRef[(source.EntityRef.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var config = configFile is null ? MkDocsConfig.Default(name) : MkDocsConfig.Parse(snapshot.ReadText(configFile), configFile, name);
        var root = DocsPath.Combine(source.Directory, config.DocsDirectory)!;
        var listed = snapshot.List(root);
        if (listed.Count == 0)
        {
            throw new NotFoundException($"{source.CloneUrl} has no directory \"{root}\" at {snapshot.Reference}: there is no documentation to build");
        }

        var files = new List<GitFile>();
        var warnings = new List<string>(config.Warnings);
        foreach (var file in listed)
        {
            var path = root.Length == 0 ? file.Path : file.Path[(root.Length + 1)..];
            var parts = path.Split('/');
            if (parts.Any(part => part.StartsWith('.')))
            {
                continue;
            }

            if (parts.Length > MaxDepth)
            {
                warnings.Add($"{path}: left out: more than {MaxDepth} directories deep");
                continue;
            }

            if (file.IsSymbolicLink)
            {
                warnings.Add($"{path}: symbolic links are not followed");
                continue;
            }

            files.Add(file with { Path = path });
        }

        return files.Count <= options.MaxFiles
            ? new DocsTree(source, snapshot, config, root, configFile, files, warnings)
            : throw new InputException($"{root}: found {files.Count} files; allowed: at most {options.MaxFiles}");
    }

    public byte[] Read(string path) => Snapshot.ReadBytes(InRepository(path));

    public string InRepository(string path) => Root.Length == 0 ? path : $"{Root}/{path}";

    /// <summary>Whether the repository has a file at a path; beyond a bound of look-ups, that is believed.</summary>
    public bool RepositoryHas(string path)
    {
        if (!_lookups.TryGetValue(path, out var found))
        {
            found = path.Length == 0 || _lookups.Count >= MaxLookups || Snapshot.Find(path) is not null || Snapshot.List(path).Count > 0;
            _lookups[path] = found;
        }

        return found;
    }

    /// <summary>The last commit that touched the documentation.</summary>
    public GitCommit LastCommit()
    {
        var commits = new[] { Root, ConfigFile }.OfType<string>().Select(Snapshot.LastCommitTouching).OfType<GitCommit>();
        return commits.MaxBy(commit => commit.When)!;
    }
}
