using System.Text.Json.Nodes;
using DevPlatform.AppHost.Demo;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>Visible ⇔ permitted (INV-2) for what Backstage's own pages offer, against what the API says of the same action.</summary>
[Collection(TopologyCollection.Name)]
public sealed class ActionsTests(Topology topology, Chromium chromium)
{
    // What is not permitted would appear by then.
    private const float AppearsMs = 1000;

    private static readonly string[] Accounts = ["developer", "team-lead", "dba-approver", "platform-admin", "auditor", "ceiling-denied"];

    public static TheoryData<string> AllAccounts => [.. Accounts];

    /// <summary>Something a page offers.</summary>
    /// <param name="Name">What it says.</param>
    /// <param name="Permission">What it takes.</param>
    /// <param name="Resource">Type and ref of what it acts on; none: decided in general.</param>
    /// <param name="InMenu">An entry of the page's menu.</param>
    private sealed record Offer(string Name, string Permission, (string Type, string Ref)? Resource = null, bool InMenu = false);

    [Theory]
    [MemberData(nameof(AllAccounts))]
    public async Task Pages_offer_what_the_API_permits_and_nothing_else(string account)
    {
        using var api = await topology.SignInAsync(account);
        var database = await topology.ReadyDatabaseAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, account);

        foreach (var (path, offers) in Pages(database))
        {
            await user.GoAsync(path);
            await CheckAsync(user, api, path, offers);
        }

        user.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_task_is_cancelled_by_whoever_started_it_and_others_are_not_offered_that()
    {
        using var developer = await topology.SignInAsync("developer");
        // In production somebody else has to approve it, so it waits.
        var waiting = await topology.StartDatabaseAsync(developer, $"cancelled-{Guid.NewGuid().ToString("N")[..8]}", "production");
        foreach (var account in Accounts.Where(account => account is not ("developer" or "ceiling-denied")))
        {
            using var api = await topology.SignInAsync(account);
            await using var other = await PortalUser.SignInAsync(chromium, topology.Api, account);
            (await MayAsync(api, "scaffolder.task.cancel", ("scaffolder-task", waiting))).ShouldBe(account == "platform-admin", account);
            await OpenTaskAsync(other.Page, waiting);
            await CheckAsync(other, api, "a task's page", [new("Cancel", "scaffolder.task.cancel", ("scaffolder-task", waiting))]);
            other.Problems.ShouldBeEmpty();
        }

        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        await OpenTaskAsync(user.Page, waiting);
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await developer.PollAsync($"api/scaffolder/v2/tasks/{waiting}", task => task["status"]!.GetValue<string>() == "cancelled", TimeSpan.FromMinutes(2), "The end", default);
        await OpenMenuAsync(user.Page);
        await user.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Start Over" }).ClickAsync();

        // The wizard has what was entered before.
        await Assertions.Expect(user.Page.GetByLabel("Name").First).ToHaveValueAsync(PortalUser.Like("^cancelled-"), new() { Timeout = PortalUser.LimitMs });
        user.Problems.ShouldBeEmpty();
    }

    private static IEnumerable<(string Path, Offer[] Offers)> Pages(string database)
    {
        static (string, string)? Entity(string entityRef) => ("catalog-entity", entityRef);
        yield return ("/catalog", [new("Create", "catalog.entity.create")]);
        yield return ("/api-docs", [new("Register Existing API", "catalog.entity.create")]);
        foreach (var component in (string[])["orders-api", "data-ingest"])
        {
            yield return ($"/catalog/default/component/{component}",
            [
                new("Refresh", "catalog.entity.refresh", Entity($"component:default/{component}")),
                new("Unregister entity", "catalog.entity.delete", Entity($"component:default/{component}"), InMenu: true),
                new("Tools", "tool.library.read"),
            ]);
        }

        yield return ("/catalog/default/group/team-orders",
        [
            new("Refresh", "catalog.entity.refresh", Entity("group:default/team-orders")),
            new("Unregister entity", "catalog.entity.delete", Entity("group:default/team-orders"), InMenu: true),
        ]);
        yield return ("/catalog/default/template/postgresql-database", [new("Launch Template", "scaffolder.task.create")]);
        yield return ($"/catalog/default/resource/{database}", [new("Request access", "access.request.create")]);
        yield return ("/access/requests", [new("Request access", "access.request.create")]);
    }

    private static async Task CheckAsync(PortalUser user, PlatformClient api, string where, IReadOnlyList<Offer> offers)
    {
        var page = user.Page;
        var permitted = new List<(Offer Offer, bool May)>();
        foreach (var offer in offers)
        {
            permitted.Add((offer, await MayAsync(api, offer.Permission, offer.Resource)));
        }

        foreach (var (offer, may) in permitted.OrderByDescending(p => p.May).ThenBy(p => p.Offer.InMenu))
        {
            if (offer.InMenu)
            {
                await OpenMenuAsync(page);
            }

            var found = Locate(page, offer);
            if (may)
            {
                await Assertions.Expect(found.First).ToBeVisibleAsync(new() { Timeout = PortalUser.LimitMs });
            }
            else
            {
                await page.WaitForTimeoutAsync(AppearsMs);
                (await found.CountAsync()).ShouldBe(0, $"{user.Account} is offered \"{offer.Name}\" on {where} without {offer.Permission}");
            }

            if (offer.InMenu)
            {
                await page.Keyboard.PressAsync("Escape");
            }
        }
    }

    /// <summary>What assistive technology finds: what is hidden does not count. The sidebar is checked by itself.</summary>
    private static ILocator Locate(IPage page, Offer offer)
    {
        if (offer.InMenu)
        {
            return page.GetByRole(AriaRole.Menuitem, new() { Name = offer.Name });
        }

        var name = PortalUser.Like($"^{offer.Name}", System.Text.RegularExpressions.RegexOptions.IgnoreCase);
        return page.GetByRole(AriaRole.Button, new() { NameRegex = name }).Or(page.GetByRole(AriaRole.Link, new() { NameRegex = name })).Or(page.GetByRole(AriaRole.Tab, new() { NameRegex = name }))
            .And(page.Locator(":not([data-testid=sidebar-root] *)"));
    }

    /// <summary>A task that runs shows progress, so its page never settles.</summary>
    private static async Task OpenTaskAsync(IPage page, string task)
    {
        await page.GotoAsync($"/create/tasks/{task}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show Logs" }).Or(page.GetByRole(AriaRole.Button, new() { Name = "Hide Logs" })).First.WaitForAsync();
    }

    private static Task OpenMenuAsync(IPage page) =>
        page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like("^More (actions|options)$") }).ClickAsync();

    private static async Task<bool> MayAsync(PlatformClient api, string permission, (string Type, string Ref)? resource)
    {
        var asked = new JsonObject { ["type"] = resource is null ? "basic" : "resource", ["name"] = permission, ["attributes"] = new JsonObject() };
        var item = new JsonObject { ["id"] = "1", ["permission"] = asked };
        if (resource is var (type, reference))
        {
            asked["resourceType"] = type;
            item["resourceRef"] = reference;
        }

        var answer = await api.PostAsync("api/permission/authorize", new JsonObject { ["items"] = new JsonArray(item) }, default);
        return answer["items"]![0]!["result"]!.GetValue<string>() == "ALLOW";
    }
}
