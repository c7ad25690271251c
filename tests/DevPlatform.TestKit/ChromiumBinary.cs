namespace DevPlatform.TestKit;

/// <summary>The machine's own Chromium, and how it is started where nobody looks at it.</summary>
public static class ChromiumBinary
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

    /// <summary>Arguments for a machine without a display, a user or the internet.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <summary>Its path: <c>CHROMIUM_BIN</c>, or the first one on the <c>PATH</c>.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Environment.GetEnvironmentVariable("CHROMIUM_BIN")
            ?? Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("There is no Chromium on the PATH and CHROMIUM_BIN does not name one; run: ./dev doctor");
    }
}
