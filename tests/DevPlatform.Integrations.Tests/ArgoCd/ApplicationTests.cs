using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Integrations.Tests.Support;
using DevPlatform.MockTools.Hosting;
using DevPlatform.TestKit;

namespace DevPlatform.Integrations.Tests.ArgoCd;

[Collection(IntegrationsCollection.Name)]
public sealed class ApplicationTests(IntegrationsPlatform platform)
{
    private const string Applications = "/api/integrations/argocd/applications";

    [Theory]
    [InlineData("component:default/orders-api")]
    [InlineData("component:default/of-others")]
    public async Task Shows_the_state_of_an_entitys_application(string entityRef)
    {
        var shown = await Eventually.GetAsync(() => ListAsync("developer", entityRef), answer => Text(answer, "syncStatus") == "Synced");

        shown["stale"]!.GetValue<bool>().ShouldBeFalse();
        Text(shown, "name").ShouldBe("platform-claims");
        Text(shown, "healthStatus").ShouldBe("Healthy");
        Text(shown, "targetRevision").ShouldBe("main");
        Text(shown, "revision")!.Length.ShouldBe(40);
        Text(shown, "url").ShouldBe($"{platform.ArgoCd}applications/argocd/platform-claims");
    }

    [Theory]
    [InlineData("component:default/forgotten")]
    [InlineData("component:default/elsewhere")]
    public async Task Shows_nothing_where_there_is_none(string entityRef) =>
        (await ListAsync("developer", entityRef))["items"]!.AsArray().ShouldBeEmpty();

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "entityRef")]
    [InlineData("?entityRef=orders-api", HttpStatusCode.BadRequest, "entityRef")]
    [InlineData("?entityRef=component:default/nothing", HttpStatusCode.NotFound, "component:default/nothing")]
    public async Task Says_what_is_wrong_with_the_entity(string query, HttpStatusCode status, string named)
    {
        var answer = await platform.Client("developer").GetAsync(Applications + query);

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(named);
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("refresh")]
    public async Task Triggers_what_its_owner_asks_for(string action)
    {
        var answer = await SendAsync("developer", $"platform-claims/{action}", "component:default/orders-api");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["name"]!.GetValue<string>().ShouldBe("platform-claims");
        await Eventually.GetAsync(
            () => platform.Client("auditor").GetStringAsync($"/api/identity/audit?action=argocd.application.{action}&resource=component:default/orders-api"),
            trail => trail.Contains("application platform-claims", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("refresh")]
    public async Task Triggers_nothing_for_others(string action)
    {
        (await SendAsync("developer", $"platform-claims/{action}", "component:default/of-others")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync("auditor", $"platform-claims/{action}", "component:default/orders-api")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Reaches_only_the_entitys_own_applications()
    {
        var answer = await SendAsync("developer", "platform-claims/sync", "component:default/elsewhere");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("it has: none");
    }

    [Fact]
    public async Task Shows_what_it_last_knew_while_Argo_CD_is_down()
    {
        var known = await Eventually.GetAsync(() => ListAsync("developer", "component:default/orders-api"), answer => Text(answer, "syncStatus") == "Synced");
        await using (await platform.WithArgoCdFaultAsync(new FaultRule("/api/v1/applications", Status: 503)))
        {
            var stale = await ListAsync("developer", "component:default/orders-api");
            stale["stale"]!.GetValue<bool>().ShouldBeTrue();
            Text(stale, "revision").ShouldBe(Text(known, "revision"));

            (await SendAsync("developer", "platform-claims/sync", "component:default/orders-api")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        await Eventually.BeAsync(async () => !(await ListAsync("developer", "component:default/orders-api"))["stale"]!.GetValue<bool>(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Says_in_words_which_tools_work()
    {
        var argoCd = await Eventually.GetAsync(
            async () => Tool(await platform.Client("developer").GetFromJsonAsync<JsonObject>("/api/integrations/health"), "argocd"),
            tool => tool["health"]!["state"]!.GetValue<string>() != "Unknown",
            TimeSpan.FromMinutes(1));

        argoCd["configured"]!.GetValue<bool>().ShouldBeTrue();
        argoCd["credential"]!.GetValue<string>().ShouldBe("ServiceAccount");
        Tool(await platform.Client("developer").GetFromJsonAsync<JsonObject>("/api/integrations/health"), "grafana")["health"]!["state"]!.GetValue<string>().ShouldBe("Unknown");
    }

    private static JsonNode Tool(JsonNode? health, string id) => health!["items"]!.AsArray().Single(tool => tool!["id"]!.GetValue<string>() == id)!;

    // A selector finds every application of the platform; the claims' is the one that tests look at.
    private static string? Text(JsonObject answer, string member) =>
        answer["items"]!.AsArray().FirstOrDefault(application => application!["name"]!.GetValue<string>() == "platform-claims")?[member]?.GetValue<string>();

    private async Task<JsonObject> ListAsync(string account, string entityRef) =>
        (await platform.Client(account).GetFromJsonAsync<JsonObject>($"{Applications}?entityRef={entityRef}"))!;

    private Task<HttpResponseMessage> SendAsync(string account, string path, string entityRef) =>
        platform.Client(account).PostAsync($"{Applications}/{path}?entityRef={entityRef}", null);
}
