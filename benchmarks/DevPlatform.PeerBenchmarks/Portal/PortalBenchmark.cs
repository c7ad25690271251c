using System.Globalization;
using System.Text;
using DevPlatform.PeerBenchmarks.Data;
using DevPlatform.PeerBenchmarks.Load;
using DevPlatform.PeerBenchmarks.Systems;
using DevPlatform.TestKit;
using Microsoft.Playwright;

namespace DevPlatform.PeerBenchmarks.Portal;

/// <summary>How long pages of the portal take in a browser, from the address to their content, with a catalog of 10,000 entities.</summary>
internal static class PortalBenchmark
{
    private const string Account = "developer";

    /// <summary>A page, and what is on it when it can be used.</summary>
    private sealed record PageRow(string Name, string Path, string Content);

    private static PageRow[] RowsOf(string component) =>
    [
        new("catalog, all components", "/catalog?filters[user]=all", "table tbody tr td a"),
        new("entity", $"/catalog/default/component/{component}", "text=About"),
        new("search", "/search?query=service", "a[href*='/catalog/default/']"),
    ];

    /// <returns>A table: first visit with an empty cache, and again with a warm one.</returns>
    public static async Task<string> RunAsync(Options options, string work)
    {
        var entities = EntityGenerator.Generate(options.Seed, options.Scale);
        var keycloak = await Keycloak.GetAsync();
        var entries = CatalogFiles.Write(Path.Combine(work, "catalog"), entities);
        await using var files = await CatalogFileServer.StartAsync(Path.Combine(work, "catalog"));
        await using var system = new DevPlatformSystem(Programs.DevPlatform, await PostgresServer.CreateDatabaseAsync(), keycloak, files.BaseUrl, work)
        {
            BaseUrl = FreePorts.Url(),
            Settings = [$"Portal:Directory={Repository.PathOf("artifacts", "portal")}"],
        };
        await system.MigrateAsync();
        await system.StartAsync();
        await Ingest.RunAsync(system, files.UrlsOf(entries), entities);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = ChromiumBinary.Find(), Args = ChromiumBinary.Arguments });
        var session = await SignInAsync(browser, system.BaseUrl);
        var component = RelationCounts.RefOf(entities.First(e => e["kind"]!.GetValue<string>() == "Component")).Split('/')[^1];
        var report = new StringBuilder($"{entities.Count} entities, {options.Visits} visits each; milliseconds until the content is there: median (slowest)\n\n");
        report.AppendLine("| page | empty cache | compressed | warm cache |").AppendLine("|---|---|---|---|");
        foreach (var row in RowsOf(component))
        {
            report.AppendLine(await MeasureAsync(browser, system.BaseUrl, session, row, options.Visits));
        }

        return report.ToString();
    }

    private static async Task<string> MeasureAsync(IBrowser browser, Uri portal, string session, PageRow row, int visits)
    {
        var (cold, warm, bytes) = (new List<double>(), new List<double>(), 0L);
        for (var i = 0; i < visits; i++)
        {
            // A context of its own has an empty cache; what says that somebody is signed in comes along.
            await using var context = await browser.NewContextAsync(new() { BaseURL = portal.ToString(), StorageState = session, ViewportSize = new() { Width = 1280, Height = 900 } });
            var page = await context.NewPageAsync();
            cold.Add(await VisitAsync(page, row));
            bytes = await page.EvaluateAsync<long>("performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.encodedBodySize, 0)");
            warm.Add(await VisitAsync(page, row));
            session = await context.StorageStateAsync();
        }

        return string.Create(CultureInfo.InvariantCulture, $"| {row.Name} | {Figure(cold)} | {bytes / 1e6:0.0} MB | {Figure(warm)} |");
    }

    private static async Task<double> VisitAsync(IPage page, PageRow row)
    {
        await page.GotoAsync("about:blank");
        var from = TimeProvider.System.GetTimestamp();
        await page.GotoAsync(row.Path, new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator(row.Content).First.WaitForAsync();
        return TimeProvider.System.GetElapsedTime(from).TotalMilliseconds;
    }

    private static async Task<string> SignInAsync(IBrowser browser, Uri portal)
    {
        await using var context = await browser.NewContextAsync(new() { BaseURL = portal.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        var popup = await page.RunAndWaitForPopupAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Sign In" }).ClickAsync());
        await popup.Locator("#username").FillAsync(Account);
        await popup.Locator("#password").FillAsync(Account);
        await popup.Locator("#kc-login").ClickAsync();
        await page.Locator("main").First.WaitForAsync();
        return await context.StorageStateAsync();
    }

    private static string Figure(List<double> times)
    {
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:0} ({times[^1]:0})");
    }
}
