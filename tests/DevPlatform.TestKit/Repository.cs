namespace DevPlatform.TestKit;

/// <summary>Files of this repository, for tests that use what is shipped (realm, seed, manifests).</summary>
public static class Repository
{
    /// <summary>The directory with <c>DevPlatform.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Absolute path of a file or directory of the repository.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DevPlatform.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException($"No DevPlatform.sln above {AppContext.BaseDirectory}.");
        }

        return directory.FullName;
    }
}
