using System.Text.Json.Nodes;
using DevPlatform.AppHost.Demo;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>Every account walks through the portal: nothing fails, and it sees what it may do, and nothing else (INV-2).</summary>
[Collection(TopologyCollection.Name)]
public sealed class PagesTests(Topology topology, Chromium chromium)
{
    [Theory]
    [InlineData("developer")]
    [InlineData("team-lead")]
    [InlineData("dba-approver")]
    [InlineData("platform-admin")]
    [InlineData("auditor")]
    [InlineData("ceiling-denied")]
    public async Task What_an_account_sees_is_what_it_may_do_and_no_page_fails(string account)
    {
        using var api = await topology.SignInAsync(account);
        var database = await topology.ReadyDatabaseAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, account);
        var may = (await api.GetAsync("api/identity/capabilities", default))["permissions"]!.AsObject()
            .Where(permission => permission.Value!.GetValue<string>() != "deny").Select(permission => permission.Key).ToHashSet();
        await user.ScreenshotAsync($"{account}-home");

        var create = may.Contains("scaffolder.task.create");
        var tasks = !create && may.Contains("scaffolder.task.read");
        await MenuHasAsync(user, "Audit", may.Contains("audit.read"));
        await MenuHasAsync(user, "Access", may.Contains("access.request.read"));
        await MenuHasAsync(user, "Create", create);
        await MenuHasAsync(user, "Tasks", tasks);
        await MenuHasAsync(user, "Tools", may.Contains("tool.library.read"));
        if (may.Contains("tool.library.read"))
        {
            await ToolsAsync(user, api);
        }

        await EntityAsync(user, api, may, database);
        if (may.Contains("access.request.read"))
        {
            await user.GoAsync("/access");
            (await user.Page.GetByRole(AriaRole.Link, new() { Name = "Approvals", Exact = true }).CountAsync() > 0).ShouldBe(may.Contains("access.request.review"), "approvals");
            await user.ScreenshotAsync($"{account}-access");
        }

        if (create)
        {
            await TemplatesAsync(user, api);
        }

        foreach (var (name, path) in Pages(may))
        {
            await user.GoAsync(path);
            await user.ScreenshotAsync($"{account}-{name}");
        }

        user.Problems.ShouldBeEmpty();
    }

    private static IEnumerable<(string Name, string Path)> Pages(HashSet<string> may)
    {
        yield return ("catalog", "/catalog?filters[user]=all");
        yield return ("component", "/catalog/default/component/orders-api");
        yield return ("apis", "/api-docs");
        yield return ("api-definition", "/catalog/default/api/orders-api/definition");
        yield return ("docs-index", "/docs");
        yield return ("docs", "/docs/default/component/orders-api");
        yield return ("search", "/search?query=orders");
        yield return ("group", "/catalog/default/group/team-orders");
        yield return ("graph", "/catalog-graph?rootEntityRefs[]=component:default/orders-api");
        yield return ("notifications", "/notifications");
        yield return ("settings", "/settings");
        if (may.Contains("scaffolder.task.create") || may.Contains("scaffolder.task.read"))
        {
            yield return ("tasks", "/create/tasks");
        }

        if (may.Contains("audit.read"))
        {
            yield return ("audit", "/audit");
        }

        if (may.Contains("access.request.read"))
        {
            yield return ("requests", "/access/requests");
            yield return ("sessions", "/access/sessions");
        }

        if (may.Contains("catalog.location.create"))
        {
            yield return ("import", "/catalog-import");
        }
    }

    private static async Task ToolsAsync(PortalUser user, PlatformClient api)
    {
        var names = (await api.GetAsync("api/tools", default))["items"]!.AsArray().Select(tool => tool!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal).ToList();
        await user.GoAsync("/tools");
        var cards = user.Page.Locator("main article[aria-label]");
        await cards.First.WaitForAsync();
        (await cards.EvaluateAllAsync<string[]>("cards => cards.map(card => card.getAttribute('aria-label'))")).Order(StringComparer.Ordinal).ShouldBe(names);
        await user.ScreenshotAsync($"{user.Account}-tools");
    }

    private static async Task TemplatesAsync(PortalUser user, PlatformClient api)
    {
        await user.GoAsync("/create");
        var titles = (await api.GetAsync("api/catalog/entities?filter=kind=template&fields=metadata.title", default)).AsArray()
            .Select(template => template!["metadata"]!["title"]!.GetValue<string>()).ToList();
        foreach (var title in titles)
        {
            await user.Page.GetByText(title, new() { Exact = true }).First.WaitForAsync();
        }

        await user.ScreenshotAsync($"{user.Account}-create");
    }

    private static async Task EntityAsync(PortalUser user, PlatformClient api, HashSet<string> may, string database)
    {
        if (!may.Contains("catalog.entity.read"))
        {
            return;
        }

        var onEntity = (await api.GetAsync($"api/identity/capabilities?entityRef=resource:default/{database}", default))["permissions"]!.AsObject();
        await user.GoAsync($"/catalog/default/resource/{database}");
        await user.Page.GetByRole(AriaRole.Heading, new() { Name = "About" }).Or(user.Page.GetByText("About", new() { Exact = true })).First.WaitForAsync();
        await SeenWhenAllowedAsync(user, onEntity, "argocd.application.sync", "sync platform-claims");
        await SeenWhenAllowedAsync(user, onEntity, "argocd.application.refresh", "refresh platform-claims");
        await user.ScreenshotAsync($"{user.Account}-entity");
    }

    private static Task MenuHasAsync(PortalUser user, string name, bool wanted) => Assertions
        .Expect(user.Page.GetByTestId("sidebar-root").GetByRole(AriaRole.Link, new() { Name = name, Exact = true }))
        .ToHaveCountAsync(wanted ? 1 : 0, new() { Timeout = PortalUser.LimitMs });

    private static async Task SeenWhenAllowedAsync(PortalUser user, JsonObject permissions, string permission, string button)
    {
        var wanted = permissions[permission]!.GetValue<string>() == "allow" && permissions["argocd.application.read"]!.GetValue<string>() == "allow";
        var locator = user.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
        await Assertions.Expect(locator).ToHaveCountAsync(wanted ? 1 : 0, new() { Timeout = PortalUser.LimitMs });
    }
}
