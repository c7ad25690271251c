namespace DevPlatform.Catalog.TechDocs.Sources;

/// <summary>Paths of documentation, with <c>/</c> and without leading or trailing one.</summary>
internal static class DocsPath
{
    /// <summary>A path named in a directory; null when it leads out of the root or is no path.</summary>
    public static string? Combine(string directory, string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var parts = directory.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var part in path.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>The directory that holds a file; "" for the root.</summary>
    public static string DirectoryOf(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    /// <summary>The last part.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Whether a path is a directory or in it ("" holds everything).</summary>
    public static bool IsIn(string path, string directory) => directory.Length == 0 || path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal);
}
