using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.MockTools.Hosting;
using DevPlatform.TestKit;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>Backstage's Kubernetes plugin on our backend: what runs of the seeded component, for those who may see it.</summary>
[Collection(TopologyCollection.Name)]
public sealed class KubernetesTests(Topology topology, Chromium chromium)
{
    private const string Component = "/catalog/default/component/orders-api";

    [Fact]
    public async Task A_developer_finds_the_pods_of_a_component_and_reads_a_log_whose_scripts_stay_text()
    {
        await DeployedAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        var page = user.Page;
        await user.GoAsync(Component);
        await Tab(user).ClickAsync();
        await user.SettledAsync();
        await user.ScreenshotAsync("kubernetes-1-clusters");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like("default.*Cluster") }).ClickAsync();
        await page.GetByText("2 pods", new() { Exact = true }).First.WaitForAsync();
        // Its name opens the manifest; the rest of the row opens the pods.
        await page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like("orders-api Deployment.*replicas") }).Locator("[class*=expandIcon]").ClickAsync();
        var pod = page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like("^orders-api-[0-9a-f]{10}-[0-9a-f]{5}$") }).First;
        await pod.WaitForAsync();
        await page.GetByText("Running").First.WaitForAsync();
        await user.ScreenshotAsync("kubernetes-2-pods");

        await pod.ClickAsync();
        await page.GetByText("harbor.example.com/orders/orders-api:1.8.2").WaitForAsync();
        await page.GetByText("Resource utilization").First.WaitForAsync();
        // What the platform refuses is not offered: nobody gets a shell or ends a pod here.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like("terminal|delete", RegexOptions.IgnoreCase) })).ToHaveCountAsync(0);
        await user.ScreenshotAsync("kubernetes-3-pod");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like("logs", RegexOptions.IgnoreCase) }).First.ClickAsync();
        await page.GetByText("listening on").WaitForAsync();
        await page.GetByText("<script>document.title='owned'</script>").WaitForAsync();
        (await page.TitleAsync()).ShouldNotContain("owned");
        await user.ScreenshotAsync("kubernetes-4-log");
        user.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_not_see_it_has_no_tab()
    {
        await DeployedAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "ceiling-denied");

        await user.GoAsync(Component);

        await user.Page.GetByText("About", new() { Exact = true }).First.WaitForAsync();
        await Assertions.Expect(Tab(user)).ToHaveCountAsync(0);
        await user.ScreenshotAsync("kubernetes-ceiling-denied");
        user.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_names_nothing_in_a_cluster_has_no_tab()
    {
        var database = await topology.ReadyDatabaseAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");

        await user.GoAsync($"/catalog/default/resource/{database}");

        await user.Page.GetByText("About", new() { Exact = true }).First.WaitForAsync();
        await Assertions.Expect(Tab(user)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_cluster_that_goes_away_leaves_what_it_said_last_on_the_page()
    {
        // What pages read of the component's namespace; whoever watches the cluster goes on.
        string[] read = ["/api/v1", "/apis/apps/v1", "/apis/autoscaling/v2", "/apis/batch/v1", "/apis/networking.k8s.io/v1"];
        await DeployedAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        await user.GoAsync($"{Component}/kubernetes");
        await user.Page.GetByText("2 pods", new() { Exact = true }).First.WaitForAsync();
        using var cluster = new HttpClient { BaseAddress = topology.Kubernetes };
        try
        {
            foreach (var api in read)
            {
                (await cluster.PutAsJsonAsync("__faults", new FaultRule($"{api}/namespaces/team-orders", Status: 503))).EnsureSuccessStatusCode();
            }

            await user.Page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like("problem retrieving Kubernetes objects") }).ClickAsync();
            await user.Page.GetByText("cannot be read now; this is what it had at").First.WaitForAsync();
            await user.Page.GetByText("2 pods", new() { Exact = true }).First.WaitForAsync();
            await user.ScreenshotAsync("kubernetes-5-cluster-away");
        }
        finally
        {
            (await cluster.DeleteAsync("__faults")).EnsureSuccessStatusCode();
        }

        await Assertions.Expect(user.Page.GetByText("cannot be read now")).ToHaveCountAsync(0, new() { Timeout = PortalUser.LimitMs });
        user.Problems.ShouldBeEmpty();
    }

    private static ILocator Tab(PortalUser user) =>
        user.Page.GetByRole(AriaRole.Tab, new() { Name = "Kubernetes" }).Or(user.Page.GetByRole(AriaRole.Link, new() { Name = "Kubernetes", Exact = true }));

    /// <summary>Waits until Argo CD has deployed the component and its pods run.</summary>
    private async Task DeployedAsync()
    {
        using var api = await topology.SignInAsync("developer");
        await topology.SeededAsync(api);
        await Eventually.GetAsync(
            () => api.PostAsync("api/kubernetes/resources/workloads/query", new JsonObject { ["entityRef"] = "component:default/orders-api" }, default),
            answer => answer["items"]!.AsArray().FirstOrDefault()?["podMetrics"]!.AsArray().Count == 2,
            TimeSpan.FromMinutes(2));
    }
}
