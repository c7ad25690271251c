using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.AppHost.Demo;
using DevPlatform.TestKit;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>Pages that are open show what happens elsewhere, because they are told and not because they ask.</summary>
[Collection(TopologyCollection.Name)]
public sealed class LiveTests(Topology topology, Chromium chromium)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(PortalUser.LimitMs);

    [Fact]
    public async Task What_others_ask_and_decide_appears_on_open_pages()
    {
        var database = await topology.ReadyDatabaseAsync();
        using var developer = await topology.SignInAsync("developer");
        await using var inbox = await PortalUser.SignInAsync(chromium, topology.Api, "security-approver");
        await ListenAsync(inbox, "/access/approvals", "access");

        var why = $"Told, not asked: {Guid.NewGuid():N}";
        var request = (await developer.PostAsync(
            "api/access/requests",
            new JsonObject { ["resource"] = $"resource:default/{database}", ["accessType"] = "admin", ["duration"] = "PT10M", ["justification"] = why },
            default))["id"]!.GetValue<string>();
        await ShouldShowAsync(inbox.Page.GetByText(why));
        await inbox.ScreenshotAsync("live-approvals");

        await using var requester = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        await ListenAsync(requester, $"/access/requests/{request}", "access");
        await ShouldShowAsync(requester.Page.GetByText("Pending", new() { Exact = true }));
        foreach (var approver in new[] { "manager-approver", "security-approver" })
        {
            using var client = await topology.SignInAsync(approver);
            await client.PostAsync($"api/access/requests/{request}/review", new JsonObject { ["decision"] = "approve" }, default);
        }

        await ShouldShowAsync(requester.Page.GetByText("Active", new() { Exact = true }));
        await Assertions.Expect(inbox.Page.GetByText(why)).ToHaveCountAsync(0, new() { Timeout = PortalUser.LimitMs });
        await developer.PostAsync($"api/access/requests/{request}/revoke", new JsonObject { ["reason"] = "seen" }, default);
        await ShouldShowAsync(requester.Page.GetByText("Revoked", new() { Exact = true }));
        inbox.Problems.ShouldBeEmpty();
        requester.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_home_page_shows_what_becomes_of_a_task()
    {
        using var developer = await topology.SignInAsync("developer");
        await topology.SeededAsync(developer);
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        await ListenAsync(user, "/", "scaffolder-tasks");

        var task = await topology.StartDatabaseAsync(developer, $"told-{Guid.NewGuid():N}"[..12], "production");
        var row = user.Page.GetByRole(AriaRole.Region, new() { Name = "My tasks" }).GetByRole(AriaRole.Listitem)
            .Filter(new() { Has = user.Page.Locator($"a[href$='/create/tasks/{task}']") });
        await ShouldShowAsync(row.GetByText("Waits for approval"));

        await developer.PostAsync($"api/scaffolder/v2/tasks/{task}/cancel", null, default);
        await ShouldShowAsync(row.GetByText("Cancelled"));
        user.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tasks_log_goes_on_when_the_session_and_the_token_it_was_opened_with_end()
    {
        using var developer = await topology.SignInAsync("developer");
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        var session = Guid.NewGuid().ToString();
        var opened = 0;
        var openedAgain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await user.Page.RouteAsync("**/eventstream*", async route =>
        {
            // The first stream has a session of its own, which ends when the test says so; the second has a token that ends soon.
            var token = Interlocked.Increment(ref opened) switch
            {
                1 => await ForgeAsync(new { username = "developer", claims = new { sid = session } }),
                2 => await ForgeAsync(new { username = "developer", expiresIn = 3 }),
                _ => null,
            };
            if (opened > 1)
            {
                openedAgain.TrySetResult();
            }

            await route.ContinueAsync(token is null
                ? null
                : new() { Headers = new Dictionary<string, string>(route.Request.Headers) { ["authorization"] = $"Bearer {token}" } });
        });

        var task = await topology.StartDatabaseAsync(developer, $"goes-on-{Guid.NewGuid():N}"[..14]);
        // The page shows progress for as long as the task runs: it does not settle.
        await user.Page.GotoAsync($"/create/tasks/{task}");
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Show Logs" }).ClickAsync();
        await user.Page.GetByText("Beginning step").First.WaitForAsync();
        await EndSessionAsync(session);
        await openedAgain.Task.WaitAsync(Limit);

        (await Topology.EndAsync(developer, task)).ShouldBe("completed");
        await Assertions.Expect(user.Page.GetByText("Finished step")).Not.ToHaveCountAsync(0, new() { Timeout = PortalUser.LimitMs });
        var expected = await LogOfAsync(developer, task);
        string shown;
        var deadline = DateTime.UtcNow + Limit;
        do
        {
            shown = await DownloadLogAsync(user.Page);
        }
        while (shown.Length < expected.Length && DateTime.UtcNow < deadline);
        shown.ShouldBe(expected);
        await user.ScreenshotAsync("live-log");
        user.Problems.ShouldBeEmpty();
    }

    /// <summary>Opens a page, waits until it is told of changes, and stops its clock: what appears from then on is not there because of a timer.</summary>
    private static async Task ListenAsync(PortalUser user, string path, string channel)
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        user.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (frame.Text?.Contains($"\"channel\":\"{channel}\"", StringComparison.Ordinal) == true)
            {
                listens.TrySetResult();
            }
        };
        // The clock is every page's, and the popup of the sign-in may be closing.
        await Eventually.BeAsync(() => Task.FromResult(user.Page.Context.Pages.Count == 1), Limit);
        await user.Page.Clock.InstallAsync();
        await user.GoAsync(path);
        await listens.Task.WaitAsync(Limit);
        await user.SettledAsync();
        await user.Page.Clock.PauseAtAsync(DateTime.UtcNow.AddSeconds(10));
    }

    private static Task ShouldShowAsync(ILocator locator) => Assertions.Expect(locator.First).ToBeVisibleAsync(new() { Timeout = PortalUser.LimitMs });

    /// <summary>The lines of a task's steps as the API has them, in the order of the page: step by step.</summary>
    private static async Task<string> LogOfAsync(PlatformClient client, string task)
    {
        var steps = (await client.GetAsync($"api/scaffolder/v2/tasks/{task}", default))["spec"]!["steps"]!.AsArray().Select(s => s!["id"]!.GetValue<string>());
        var events = (await client.GetAsync($"api/scaffolder/v2/tasks/{task}/events", default)).AsArray().Where(e => e!["type"]!.GetValue<string>() == "log").ToList();
        return string.Join('\n', steps.SelectMany(step => events.Where(e => e!["body"]!["stepId"]?.GetValue<string>() == step)
            .Select(e => $"{e!["createdAt"]!.GetValue<string>()} {e["body"]!["message"]!.GetValue<string>()}")));
    }

    private static async Task<string> DownloadLogAsync(IPage page)
    {
        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like("download log", RegexOptions.IgnoreCase) }).ClickAsync());
        return await File.ReadAllTextAsync(await download.PathAsync());
    }

    private async Task<string> ForgeAsync(object order)
    {
        using var keycloak = new HttpClient { BaseAddress = topology.Keycloak };
        using var answer = await keycloak.PostAsJsonAsync("__admin/token", order);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["token"]!.GetValue<string>();
    }

    /// <summary>What Keycloak says to the platform when a session has ended.</summary>
    private async Task EndSessionAsync(string session)
    {
        var token = await ForgeAsync(new
        {
            username = "developer",
            headerType = "logout+jwt",
            claims = new Dictionary<string, object>
            {
                ["aud"] = "developer-portal",
                ["typ"] = "Logout",
                ["jti"] = Guid.NewGuid(),
                ["sid"] = session,
                ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new { } },
            },
        });
        using var api = new HttpClient { BaseAddress = topology.Api };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["logout_token"] = token });
        (await api.PostAsync("api/auth/oidc/backchannel-logout", form)).EnsureSuccessStatusCode();
    }
}
