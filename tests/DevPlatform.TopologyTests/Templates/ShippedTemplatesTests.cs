using System.Text.Json.Nodes;
using DevPlatform.AppHost.Demo;
using DevPlatform.MockTools.Json;
using DevPlatform.TestKit;

namespace DevPlatform.TopologyTests.Templates;

/// <summary>Each shipped template runs to its end in the topology, and Git has what it promises.</summary>
[Collection(TopologyCollection.Name)]
public sealed class ShippedTemplatesTests(Topology topology)
{
    public static TheoryData<string> Cases => [.. TemplateCases.All.Select(c => c.Name)];

    [Fact]
    public void No_template_is_left_out()
    {
        var shipped = YamlDocuments.Parse(File.ReadAllText(Repository.PathOf("seed", "platform", "templates", "catalog-info.yaml")))[0].At("spec", "targets")!.AsArray();

        TemplateCases.All.Select(c => c.Template).Distinct().Order().ShouldBe(shipped.Select(t => t!.ToString().Split('/')[1]).Order());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Runs_to_its_end_with_the_approvals_it_needs_and_commits(string name)
    {
        var expected = TemplateCases.All.Single(c => c.Name == name);

        var run = await OfAsync(name);

        run.Status.ShouldBe("completed", run.Log);
        run.ApprovedBy.ShouldBe(expected.Approvers, ignoreOrder: true);
        run.Commit.ShouldNotBeNull();
        run.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(expected.Files);
        foreach (var (path, text) in run.Files)
        {
            await IsWellFormedAsync(path, text, expected);
        }
    }

    [Fact]
    public async Task A_scaled_database_keeps_what_was_not_named()
    {
        var spec = Claim((await OfAsync("database-scale")).Files["claims/team-orders/shop-pg/claim.yaml"])["spec"];
        var production = Claim((await OfAsync("scale in production")).Files["claims/team-orders/shop-prod/claim.yaml"])["spec"];

        spec.Text("storage").ShouldBe("15Gi");
        spec.Text("size").ShouldBe("small");
        production.Text("size").ShouldBe("large");
        production!["replicas"]!.GetValue<long>().ShouldBe(5);
        production.Text("storage").ShouldBe("100Gi");
    }

    [Fact]
    public async Task A_restored_database_starts_from_the_backup_of_the_other()
    {
        var spec = Claim((await OfAsync("database-restore")).Files["claims/team-orders/shop-restored/claim.yaml"])["spec"];

        spec.Text("startFrom").ShouldBe("backup");
        spec!["restoreFrom"]!.ToJsonString().ShouldBe("""{"instance":"shop-prod","time":"2026-01-31T12:00:00Z"}""");
    }

    [Theory]
    [InlineData("database-delete", "claims/team-orders/shop-cache/", "shop-cache")]
    [InlineData("topic-delete", "claims/team-orders/order-placed/", "order-placed")]
    public async Task What_is_deleted_leaves_git_and_the_catalog(string run, string path, string name)
    {
        (await OfAsync(run)).Status.ShouldBe("completed");

        (await topology.FilesAsync("platform/gitops")).ShouldNotContain(file => file.StartsWith(path, StringComparison.Ordinal));
        var developer = await AsAsync("developer");
        await developer.PollAsync(
            $"api/catalog/entities?filter=kind=resource,metadata.name={name}", found => found.AsArray().Count == 0, TimeSpan.FromMinutes(3), $"{name} leaves the catalog", default);
    }

    [Fact]
    public async Task A_topic_is_changed_where_it_is_described()
    {
        var spec = Claim((await OfAsync("topic-change")).Files["claims/team-orders/order-placed/topic.yaml"])["spec"]!;

        spec["partitions"]!.GetValue<long>().ShouldBe(12);
        spec["config"]!["retention.ms"]!.GetValue<long>().ShouldBe(86_400_000);
        spec["config"].Text("cleanup.policy").ShouldBe("delete");
    }

    [Fact]
    public async Task The_registry_has_every_version_of_a_schema()
    {
        var second = await OfAsync("incompatible schema");
        using var registry = new HttpClient { BaseAddress = topology.SchemaRegistry };

        var content = await registry.GetStringAsync("apis/registry/v3/groups/team-orders/artifacts/order-avro/versions/2/content");

        content.ShouldBe(second.Files["schemas/team-orders/order-avro/schema.avsc"]);
        (await registry.GetStringAsync("apis/registry/v3/groups/team-orders/artifacts/order-avro/rules/COMPATIBILITY")).ShouldContain("BACKWARD");
    }

    [Theory]
    [InlineData("shop-pg")]
    [InlineData("shop-mongo")]
    [InlineData("shop-clicks")]
    [InlineData("shop-files")]
    [InlineData("shop-changes")]
    public async Task Credentials_arrive_in_the_namespace(string name)
    {
        await OfAsync(name == "shop-changes" ? "cdc-pipeline" : TemplateCases.All.First(c => c.Values["name"]?.ToString() == name).Name);
        using var cluster = new HttpClient { BaseAddress = topology.Kubernetes };
        cluster.DefaultRequestHeaders.Authorization = new("Bearer", "crossplane-kubernetes-local");

        JsonNode? secret = null;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!DevPlatform.MockTools.Kubernetes.Client.Condition.IsTrue(secret, "Ready"))
        {
            secret = JsonNode.Parse(await cluster.GetStringAsync($"apis/external-secrets.io/v1/namespaces/team-orders/externalsecrets/{name}-credentials", limit.Token));
            await Task.Delay(300, limit.Token);
        }
    }

    private async Task IsWellFormedAsync(string path, string text, TemplateCase run)
    {
        text.ShouldNotContain("${{", Case.Sensitive, path);
        text.ShouldNotContain("{%", Case.Sensitive, path);
        if (path.EndsWith(".json", StringComparison.Ordinal) || path.EndsWith(".avsc", StringComparison.Ordinal))
        {
            JsonNode.Parse(text).ShouldBeOfType<JsonObject>(path);
        }

        if (!path.EndsWith(".yaml", StringComparison.Ordinal) || path.StartsWith(".github/", StringComparison.Ordinal))
        {
            return;
        }

        foreach (var manifest in Manifests.Parse(path, text))
        {
            if (path.EndsWith("catalog-info.yaml", StringComparison.Ordinal))
            {
                await (await AsAsync("developer")).PostAsync(
                    "api/catalog/validate-entity", new JsonObject { ["entity"] = manifest.DeepClone(), ["location"] = $"url:{topology.Git}{run.Repository}/src/branch/main/{path}" }, default);
                manifest.Text("spec", "owner").ShouldBe("group:default/team-orders", path);
            }
            else if (Manifests.IsDefined(manifest))
            {
                Manifests.Problems(manifest).ShouldBeEmpty(path);
                manifest.Text("metadata", "labels", "platform.devplatform.io/entity").ShouldNotBeNull(path);
            }
            else
            {
                manifest.Text("kind").ShouldBeOneOf("ExternalSecret", "VaultDynamicSecret", "Application", "ServiceMonitor", "PrometheusRule", "ConfigMap");
            }
        }
    }

    private static JsonObject Claim(string text) => (JsonObject)YamlDocuments.Parse(text)[0]!;

    private async Task<TemplateRun> OfAsync(string name) => await (await topology.TemplatesAsync()).OfAsync(name);

    private async Task<PlatformClient> AsAsync(string account) => await (await topology.TemplatesAsync()).AsAsync(account);
}
