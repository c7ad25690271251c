using DevPlatform.TestKit;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>The machine's own Chromium, started when the first test of the portal wants it. Screenshots are kept in <see cref="Screenshots"/>.</summary>
public sealed class Chromium : IAsyncLifetime
{
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
            ExecutablePath = ChromiumBinary.Find(),
            Headless = true,
            Args = ChromiumBinary.Arguments,
        });
        return await _browser.NewContextAsync(options ?? new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
    }
}
