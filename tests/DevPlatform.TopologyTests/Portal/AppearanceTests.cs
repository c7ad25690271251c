using System.Text.Json;
using DevPlatform.TestKit;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>How pages are for people: accessible, in both themes, on a narrow screen, and not heavy to load.</summary>
[Collection(TopologyCollection.Name)]
public sealed class AppearanceTests(Topology topology, Chromium chromium)
{
    private const int MaxFirstScriptBytes = 3 * 1024 * 1024;

    private static readonly string[] OwnPages = ["/", "/access/requests", "/access/requests/new", "/access/approvals", "/access/sessions", "/tools", "/audit"];

    private static readonly string[] BackstagesPages =
    [
        "/catalog?filters[user]=all", "/catalog/default/component/orders-api", "/catalog/default/component/orders-api/kubernetes", "/catalog/default/component/orders-api/tools",
        "/catalog/default/group/team-orders", "/api-docs", "/create/templates", "/create/tasks", "/docs", "/search?query=orders", "/notifications", "/settings",
    ];

    [Fact]
    public async Task Our_pages_have_no_serious_accessibility_violation()
    {
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "platform-admin");
        var axe = await File.ReadAllTextAsync(Repository.PathOf("portal", "node_modules", "axe-core", "axe.min.js"));
        var violations = new List<string>();
        foreach (var path in OwnPages)
        {
            await user.GoAsync(path);
            await user.Page.Locator("main").First.WaitForAsync();
            await user.SettledAsync();
            await user.Page.EvaluateAsync(axe);
            var found = await user.Page.EvaluateAsync<JsonElement>("async () => (await axe.run('main, [role=main]')).violations");
            violations.AddRange(found.EnumerateArray()
                .Where(violation => violation.GetProperty("impact").GetString() is "serious" or "critical")
                .Select(violation => $"{path}: {violation.GetProperty("id")}: {violation.GetProperty("help")}: {violation.GetProperty("nodes")[0].GetProperty("html")}"));
        }

        violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_fit_a_narrow_screen_and_follow_the_dark_theme()
    {
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "platform-admin", new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 390, Height = 844 },
            ColorScheme = ColorScheme.Dark,
        });
        foreach (var path in (string[])[.. OwnPages, .. BackstagesPages])
        {
            await user.GoAsync(path);
            await user.ScreenshotAsync($"narrow-dark{path.Split('?')[0].Replace('/', '-')}");
            var overflow = await user.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            overflow.ShouldBeLessThanOrEqualTo(0, path);
        }
    }

    [Fact]
    public async Task The_first_page_loads_at_most_three_megabytes_of_scripts()
    {
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        await user.Page.ReloadAsync();
        await user.SettledAsync();
        // A fresh profile: what sign-in's page had loaded counts too, whether or not the reload took it from the cache.
        var bytes = await user.Page.EvaluateAsync<long>(
            "() => performance.getEntriesByType('resource').filter(r => new URL(r.name).pathname.endsWith('.js')).reduce((sum, r) => sum + r.encodedBodySize, 0)");
        bytes.ShouldBeInRange(1, MaxFirstScriptBytes);
    }
}
