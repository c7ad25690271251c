using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.AppHost.Embedded;
using DevPlatform.AppHost.Embedded.Dashboard;

namespace DevPlatform.AppHost.Tests;

public sealed class DashboardTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private DistributedApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        var builder = new DistributedApplicationBuilder(["--Parameters:password=s3cr3t-value"], EmbeddedOptions.Throwaway() with { DashboardPort = 0 });
        var password = builder.AddParameter("password", secret: true);
        builder.AddExecutable("worker", "sh", ".", "-c", "echo hello from worker; exec sleep 1000")
            .WithEnvironment("Git__Password", password)
            .WithEnvironment("Url", $"https://user:{password}@example.org/")
            .WithEnvironment("API_TOKEN", "typed-in")
            .WithEnvironment("Teleport__IdentityFile", "/var/identity")
            .WithHttpEndpoint(name: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Front page");
        _app = builder.Build();
        await _app.StartAsync(_limit.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("worker", _limit.Token);
        _http = new HttpClient { BaseAddress = _app.DashboardUrl };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task Shows_the_page_with_a_policy_that_lets_nothing_else_in()
    {
        var page = await _http.GetAsync("/", _limit.Token);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        (await page.Content.ReadAsStringAsync(_limit.Token)).ShouldContain("DevPlatform topology");
    }

    [Fact]
    public async Task Shows_state_and_links_and_hides_secrets()
    {
        var text = await _http.GetStringAsync("/api/resources", _limit.Token);
        text.ShouldNotContain("s3cr3t-value");
        text.ShouldNotContain("typed-in");
        var worker = JsonNode.Parse(text)!["resources"]!.AsArray().Single(resource => (string?)resource!["name"] == "worker")!;
        ((string?)worker["state"]).ShouldBe("Running");
        ((string?)worker["healthStatus"]).ShouldBe("Healthy");
        ((string?)worker["urls"]![0]!["displayName"]).ShouldBe("Front page");
        ((string?)worker["environment"]!["Git__Password"]).ShouldBe("********");
        ((string?)worker["environment"]!["Url"]).ShouldBe("https://user:********@example.org/");
        ((string?)worker["environment"]!["Teleport__IdentityFile"]).ShouldBe("/var/identity");
    }

    [Fact]
    public async Task Streams_changes_and_logs()
    {
        (await FirstLineAsync("/api/resources/events", line => line.StartsWith("data: {\"name\":\"worker\""))).ShouldContain("\"state\":\"Running\"");
        (await FirstLineAsync("/api/resources/worker/logs", line => line.StartsWith("data:"))).ShouldBe("data: hello from worker");
    }

    [Fact]
    public async Task Stops_and_starts_on_command()
    {
        (await SendAsync("worker", "stop", Button)).ShouldBe(HttpStatusCode.NoContent);
        await _app.ResourceNotifications.WaitForResourceAsync("worker", "Exited", _limit.Token);
        (await SendAsync("worker", "start", Button)).ShouldBe(HttpStatusCode.NoContent);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("worker", _limit.Token);
        (await SendAsync("nobody", "stop", Button)).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Refuses_what_another_site_could_send()
    {
        (await SendAsync("worker", "kill", _ => { })).ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync("worker", "kill", request =>
        {
            Button(request);
            request.Headers.Add("Origin", "https://evil.example");
        })).ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync("worker", "kill", request =>
        {
            Button(request);
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
        })).ShouldBe(HttpStatusCode.Forbidden);

        // A name of the attacker's that resolves to 127.0.0.1.
        using var read = new HttpRequestMessage(HttpMethod.Get, "/api/resources") { Headers = { Host = "evil.example" } };
        (await _http.SendAsync(read, _limit.Token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        _app.ResourceNotifications.TryGetCurrentState("worker", out var state).ShouldBeTrue();
        state!.Snapshot.Restarts.ShouldBe(0);
    }

    [Fact]
    public async Task A_taken_port_is_named_with_its_setting()
    {
        var refusal = await Should.ThrowAsync<DistributedApplicationException>(async () =>
        {
            await using var second = new DistributedApplicationBuilder([], EmbeddedOptions.Throwaway() with { DashboardPort = _app.DashboardUrl!.Port }).Build();
            await second.StartAsync(_limit.Token);
        });
        refusal.Message.ShouldContain($"Port {_app.DashboardUrl!.Port} (dashboard)");
        refusal.Message.ShouldContain("Ports__dashboard");
    }

    private static void Button(HttpRequestMessage request) => request.Headers.Add(SameSiteGuard.Header, "1");

    private async Task<HttpStatusCode> SendAsync(string resource, string command, Action<HttpRequestMessage> shape)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/resources/{resource}/{command}");
        shape(request);
        using var response = await _http.SendAsync(request, _limit.Token);
        return response.StatusCode;
    }

    private async Task<string> FirstLineAsync(string path, Func<string, bool> wanted)
    {
        using var reader = new StreamReader(await _http.GetStreamAsync(path, _limit.Token));
        while (await reader.ReadLineAsync(_limit.Token) is { } line)
        {
            if (wanted(line))
            {
                return line;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }
}
