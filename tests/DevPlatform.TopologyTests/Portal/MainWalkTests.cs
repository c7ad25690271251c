using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>
/// The main job by hand: a production database from the wizard, approved by somebody else and watched until it is ready; access to it, approved
/// again; its credential, once; its end.
/// </summary>
[Collection(TopologyCollection.Name)]
public sealed class MainWalkTests(Topology topology, Chromium chromium)
{
    [Fact]
    public async Task A_database_from_the_wizard_access_approved_by_another_and_its_end()
    {
        var name = $"walk-{Guid.NewGuid().ToString("N")[..8]}";
        using (var api = await topology.SignInAsync("developer"))
        {
            await topology.SeededAsync(api);
        }

        await using var developer = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        await using var approver = await PortalUser.SignInAsync(chromium, topology.Api, "dba-approver");
        await ProvisionAsync(developer, name);
        await ApproveAsync(approver, name, "walk-4-approve-task");
        await ReadyAsync(developer, name);
        await RequestAsync(developer, name);
        await ApproveAsync(approver, name, "walk-7-approve-access");
        await UseAsync(developer);
        approver.Problems.ShouldBeEmpty();
        developer.Problems.ShouldBeEmpty();
    }

    private static async Task ProvisionAsync(PortalUser user, string name)
    {
        var page = user.Page;
        await user.GoAsync("/create/templates/default/postgresql-database");
        await page.GetByLabel("Name").First.FillAsync(name);
        var owner = page.GetByLabel(PortalUser.Like("^Owner"));
        await owner.FillAsync("orders");
        await page.GetByRole(AriaRole.Option).Filter(new() { HasTextRegex = PortalUser.Like("Orders|team-orders") }).First.ClickAsync();
        await page.GetByLabel(PortalUser.Like("^Environment")).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "production" }).ClickAsync();
        await page.GetByLabel(PortalUser.Like("^What is it for")).FillAsync("A walk through the portal");
        await user.ScreenshotAsync("walk-1-wizard");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Review", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).WaitForAsync();
        await user.ScreenshotAsync("walk-2-review");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(PortalUser.Like("/create/tasks/[0-9a-f-]{36}"));
        await user.ScreenshotAsync("walk-3-task");
    }

    private static async Task ReadyAsync(PortalUser user, string name)
    {
        var page = user.Page;
        // The entity is registered while the task runs; its page shows the rest as it happens.
        await user.ThroughTroubleAsync(() => WaitForEntityAsync(user, name));
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Ready" }).First).ToBeVisibleAsync(new() { Timeout = 3 * PortalUser.LimitMs });
        await user.ScreenshotAsync("walk-5-ready");
    }

    private static async Task WaitForEntityAsync(PortalUser user, string name)
    {
        var found = user.Page.GetByText("Provisioning", new() { Exact = true }).First;
        for (var attempt = 0; attempt < 30; attempt++)
        {
            await user.GoAsync($"/catalog/default/resource/{name}");
            if (await found.IsVisibleAsync())
            {
                return;
            }

            await user.Page.WaitForTimeoutAsync(2000);
        }

        (await found.IsVisibleAsync()).ShouldBeTrue($"resource {name} has no page");
    }

    private static async Task RequestAsync(PortalUser user, string name)
    {
        var page = user.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Request access" }).Or(page.GetByRole(AriaRole.Link, new() { Name = "Request access" })).First.ClickAsync();
        // The form offers a quarter of an hour and more; an end that can be watched must come sooner.
        await page.RouteAsync("**/api/access/requests", async route =>
        {
            var body = route.Request.PostData is { } text ? JsonNode.Parse(text)!.AsObject() : null;
            body?["duration"] = "PT60S";
            await route.ContinueAsync(new() { PostData = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString()) });
        });
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Request access" });
        await form.GetByLabel("Access type").SelectOptionAsync("write");
        await form.GetByLabel(PortalUser.Like("^Justification")).FillAsync($"Repair an order in {name}");
        await user.ScreenshotAsync("walk-6-request");
        await form.GetByRole(AriaRole.Button, new() { Name = "Request access" }).ClickAsync();
        await page.WaitForURLAsync(PortalUser.Like("/access/requests/[0-9a-f-]{36}"));
        await page.GetByText("Pending").First.WaitForAsync();
    }

    private static async Task ApproveAsync(PortalUser user, string name, string screenshot)
    {
        var page = user.Page;
        await user.GoAsync("/access/approvals");
        var item = page.GetByRole(AriaRole.Article).Filter(new() { HasText = name });
        await item.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await user.ScreenshotAsync(screenshot);
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Comment").FillAsync("Go ahead");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Assertions.Expect(item).ToHaveCountAsync(0, new() { Timeout = PortalUser.LimitMs });
    }

    private static async Task UseAsync(PortalUser user)
    {
        var page = user.Page;
        // Without a reload: the request's page learns of the approval by itself.
        await page.GetByRole(AriaRole.Button, new() { Name = "Show credential" }).ClickAsync(new() { Timeout = 2 * PortalUser.LimitMs });
        var dialog = page.GetByRole(AriaRole.Dialog);
        (await dialog.GetByLabel("Username", new() { Exact = true }).InputValueAsync()).ShouldNotBeEmpty();
        (await dialog.GetByLabel("Password", new() { Exact = true }).InputValueAsync()).ShouldNotBeEmpty();
        await user.ScreenshotAsync("walk-8-credential");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have it" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Show credential" })).ToHaveCountAsync(0, new() { Timeout = PortalUser.LimitMs });
        await page.GetByText("Expired").First.WaitForAsync(new() { Timeout = 3 * PortalUser.LimitMs });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "End access" })).ToHaveCountAsync(0);
        await user.ScreenshotAsync("walk-9-ended");
    }
}
