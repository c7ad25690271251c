using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>What happens to a page while the API dies, a token ends, a session is over: it recovers by itself and loses no input.</summary>
[Collection(TopologyCollection.Name)]
public sealed class BadLuckTests(Topology topology, Chromium chromium)
{
    private const string Typed = "Typed before the trouble";

    [Fact]
    public async Task A_page_outlives_the_API_and_a_half_filled_form_can_still_be_sent()
    {
        var database = await topology.ReadyDatabaseAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        await FillAsync(user, database);

        await user.ThroughTroubleAsync(topology.KillApiAsync);

        await SendAsync(user);
        await user.ScreenshotAsync("bad-luck-api-killed");
    }

    [Fact]
    public async Task A_tasks_page_goes_on_when_its_log_is_cut_off()
    {
        using var api = await topology.SignInAsync("developer");
        using var approver = await topology.SignInAsync("dba-approver");
        var name = $"cut-{Guid.NewGuid().ToString("N")[..8]}";
        var task = await topology.StartDatabaseAsync(api, name, "production");
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        await user.Page.GotoAsync($"/create/tasks/{task}");
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Show Logs" }).ClickAsync();
        await user.Page.GetByText("; waiting", new() { Exact = false }).First.WaitForAsync();

        await user.ThroughTroubleAsync(async () =>
        {
            await topology.KillApiAsync();
            (await Topology.ApproveAsync(approver, task)).ShouldBeTrue();
            (await Topology.EndAsync(api, task)).ShouldBe("completed");
        });

        // Without a reload, and without an error meanwhile.
        await user.Page.GetByText("The database", new() { Exact = true }).First.WaitForAsync();
        await user.Page.GetByText("Finished step Wait until it is ready", new() { Exact = false }).First.WaitForAsync();
        (await user.Page.GetByText("SSE connection closed", new() { Exact = false }).CountAsync()).ShouldBe(0);
        await user.ScreenshotAsync("bad-luck-log-cut");
        user.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_that_ends_while_a_form_is_half_filled_is_renewed_without_a_word()
    {
        var database = await topology.ReadyDatabaseAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        await FillAsync(user, database);
        var refused = 0;
        // What the API answers to a token that is over, to the next request only.
        await user.Page.RouteAsync("**/api/access/requests", async route =>
        {
            if (route.Request.Method == "POST" && Interlocked.Increment(ref refused) == 1)
            {
                await route.FulfillAsync(new()
                {
                    Status = 401,
                    ContentType = "application/json",
                    Body = """{"error":{"name":"AuthenticationError","message":"The token has expired"},"request":{"method":"POST","url":"/api/access/requests"},"response":{"statusCode":401}}""",
                });
                return;
            }

            await route.ContinueAsync();
        });

        await user.ThroughTroubleAsync(async () =>
        {
            var send = user.Page.GetByRole(AriaRole.Form, new() { Name = "Request access" }).GetByRole(AriaRole.Button, new() { Name = "Request access" });
            await send.ClickAsync();
            await user.Page.WaitForTimeoutAsync(2000);
            if (!PortalUser.Like("/access/requests/[0-9a-f-]{36}").IsMatch(user.Page.Url))
            {
                (await user.Page.GetByLabel(PortalUser.Like("^Justification")).InputValueAsync()).ShouldBe(Typed);
                await send.ClickAsync();
            }

            await user.Page.WaitForURLAsync(PortalUser.Like("/access/requests/[0-9a-f-]{36}"));
        });
        refused.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_reload_keeps_the_session_and_signing_out_ends_it_in_Keycloak_too()
    {
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "team-lead");
        await user.GoAsync("/catalog");
        await user.GoAsync("/settings");
        await user.Page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like("more|menu", RegexOptions.IgnoreCase) }).First.ClickAsync();
        await user.ThroughTroubleAsync(async () =>
        {
            await user.Page.GetByText("Sign Out").ClickAsync();
            await user.Page.GetByRole(AriaRole.Button, new() { Name = "Sign In" }).WaitForAsync();
            // Keycloak does not know the browser any more: it asks for the password again.
            var popup = await user.Page.RunAndWaitForPopupAsync(() => user.Page.GetByRole(AriaRole.Button, new() { Name = "Sign In" }).ClickAsync());
            await popup.Locator("#username").WaitForAsync();
        });
    }

    private static async Task FillAsync(PortalUser user, string database)
    {
        await user.GoAsync($"/access/requests/new?resource=resource:default/{database}");
        await user.Page.GetByLabel(PortalUser.Like("^Justification")).FillAsync(Typed);
    }

    private static async Task SendAsync(PortalUser user)
    {
        (await user.Page.GetByLabel(PortalUser.Like("^Justification")).InputValueAsync()).ShouldBe(Typed);
        await user.Page.GetByRole(AriaRole.Form, new() { Name = "Request access" }).GetByRole(AriaRole.Button, new() { Name = "Request access" }).ClickAsync();
        await user.Page.WaitForURLAsync(PortalUser.Like("/access/requests/[0-9a-f-]{36}"));
    }
}
