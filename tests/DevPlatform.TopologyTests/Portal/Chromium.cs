using DevPlatform.TestKit;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>The machine's own Chromium, started when the first test of the portal wants it. Screenshots are kept in <see cref="Screenshots"/>.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal static string Screenshots { get; } = Directory.CreateDirectory(Repository.PathOf("artifacts", "test-results", "portal")).FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A profile of its own: cookies, storage and cache are nobody else's.</summary>
    internal async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        File.Exists(Repository.PathOf("artifacts", "portal", "index.html")).ShouldBeTrue("The portal is not built; run: ./dev portal");
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(),
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return await _browser.NewContextAsync(options ?? new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
    }

    private static string Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Environment.GetEnvironmentVariable("CHROMIUM_BIN")
            ?? Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("There is no Chromium on the PATH and CHROMIUM_BIN does not name one; run: ./dev doctor");
    }
}
