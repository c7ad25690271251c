using System.Text.Json.Nodes;
using DevPlatform.AppHost.Demo;
using DevPlatform.MockTools.ArgoCd.Helm;
using DevPlatform.MockTools.Json;
using Xunit.Abstractions;

namespace DevPlatform.TopologyTests.Templates;

/// <summary>What application templates publish builds, deploys, and is watched.</summary>
[Collection(TopologyCollection.Name)]
public sealed class PublishedApplicationsTests(Topology topology, ITestOutputHelper output)
{
    private static readonly string[] GoldenPath =
    [
        "README.md", "Dockerfile", ".dockerignore", ".github/workflows/ci.yaml", "catalog-info.yaml", "mkdocs.yml", "docs/index.md", "docs/runbook.md", "chart/Chart.yaml", "chart/values.yaml",
        "chart/dashboards/service.json",
    ];

    public static TheoryData<string> Cases => [.. TemplateCases.All.Where(c => c.Published is not null).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_repository_builds_and_has_all_of_the_golden_path(string name)
    {
        var (run, directory) = await PublishedAsync(name);
        try
        {
            foreach (var file in GoldenPath)
            {
                File.Exists(Path.Combine(directory.FullName, file)).ShouldBeTrue(file);
            }

            var ci = YamlDocuments.Parse(await File.ReadAllTextAsync(Path.Combine(directory.FullName, ".github/workflows/ci.yaml")))[0];
            ci.At("jobs", "build", "steps").ShouldNotBeNull();
            ci.At("jobs", "security", "steps")!.ToJsonString().ShouldContain("trivy");
            await EntitiesAreValidAsync(run, directory.FullName);
            if (await Builds.RunAsync(run.Template, directory.FullName) is { } why)
            {
                output.WriteLine($"{run.Template} was not built: {why}");
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_chart_has_probes_limits_metrics_alerts_and_a_dashboard(string name)
    {
        var (run, directory) = await PublishedAsync(name);
        var chart = Path.Combine(directory.FullName, "chart");
        var files = Directory.EnumerateFiles(chart, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(chart, f), File.ReadAllText);
        directory.Delete(recursive: true);

        var objects = Chart.Render(files, run.Published!, "team-orders").SelectMany(t => YamlDocuments.Parse(t.Text).OfType<JsonObject>()).ToList();

        var deployment = objects.Single(o => o.Text("kind") == "Deployment");
        foreach (var container in deployment.Objects("spec", "template", "spec", "containers"))
        {
            container["livenessProbe"].ShouldNotBeNull();
            container["readinessProbe"].ShouldNotBeNull();
            container.Text("resources", "limits", "memory").ShouldNotBeNull();
            container.At("securityContext", "readOnlyRootFilesystem")!.GetValue<bool>().ShouldBeTrue();
            container.Text("image")!.ShouldNotContain(":latest");
        }

        deployment.At("spec", "template", "spec", "securityContext", "runAsNonRoot")!.GetValue<bool>().ShouldBeTrue();
        var kinds = objects.Select(o => o.Text("kind")!).ToList();
        kinds.ShouldBe(
            ["ConfigMap", "Deployment", "HorizontalPodAutoscaler", "NetworkPolicy", "PodDisruptionBudget", "PrometheusRule", "Service", "ServiceAccount", "ServiceMonitor", .. run.Values["host"] is null ? [] : new[] { "Ingress" }],
            ignoreOrder: true);
        var monitored = objects.Single(o => o.Text("kind") == "ServiceMonitor").Objects("spec", "endpoints").Single().Text("port");
        objects.Single(o => o.Text("kind") == "Service").Objects("spec", "ports").Select(p => p.Text("name")).ShouldContain(monitored);
        var dashboard = objects.Single(o => o.Text("kind") == "ConfigMap").At("data", $"{run.Published}.json")!.GetValue<string>();
        JsonNode.Parse(dashboard).Objects("panels").ShouldNotBeEmpty();
        if (run.Values["allowedNamespaces"] is not null)
        {
            objects.Single(o => o.Text("kind") == "NetworkPolicy").ToJsonString().ShouldContain("team-data");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Argo_cd_deploys_it(string name)
    {
        var run = await OfAsync(name);
        run.Status.ShouldBe("completed", run.Log);
        var published = TemplateCases.All.Single(c => c.Name == name).Published;
        using var argoCd = new HttpClient { BaseAddress = topology.ArgoCd };
        argoCd.DefaultRequestHeaders.Authorization = new("Bearer", "devplatform-argocd-local");

        JsonNode? status = null;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (status.Text("sync", "status") != "Synced" || status.Text("health", "status") != "Healthy")
        {
            try
            {
                await Task.Delay(500, limit.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{published} is not deployed: {status?.ToJsonString()}", e);
            }

            using var answer = await argoCd.GetAsync($"api/v1/applications/{published}");
            status = answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"] : null;
        }
    }

    private async Task<(TemplateCase Run, DirectoryInfo Directory)> PublishedAsync(string name)
    {
        var run = await OfAsync(name);
        run.Status.ShouldBe("completed", run.Log);
        var published = TemplateCases.All.Single(c => c.Name == name);
        return (published, await topology.CloneAsync($"services/{published.Published}"));
    }

    private async Task EntitiesAreValidAsync(TemplateCase run, string directory)
    {
        var developer = await AsAsync("developer");
        foreach (var entity in Manifests.Parse("catalog-info.yaml", await File.ReadAllTextAsync(Path.Combine(directory, "catalog-info.yaml"))))
        {
            if (entity.Text("spec", "definition", "$text") is { } file)
            {
                var definition = await File.ReadAllTextAsync(Path.Combine(directory, file));
                YamlDocuments.Parse(definition)[0].Text("openapi").ShouldBe("3.1.0");
                entity["spec"]!["definition"] = definition;
            }

            entity.Text("spec", "owner").ShouldBe("group:default/team-orders");
            await developer.PostAsync("api/catalog/validate-entity", new JsonObject { ["entity"] = entity, ["location"] = $"url:{topology.Git}services/{run.Published}/src/branch/main/catalog-info.yaml" }, default);
        }

        var found = await developer.GetAsync($"api/catalog/entities/by-name/component/default/{run.Published}", default);
        found.At("metadata", "annotations").Text("backstage.io/source-template").ShouldBe($"template:default/{run.Template}");
    }

    private async Task<TemplateRun> OfAsync(string name) => await (await topology.TemplatesAsync()).OfAsync(name);

    private async Task<PlatformClient> AsAsync(string account) => await (await topology.TemplatesAsync()).AsAsync(account);
}
