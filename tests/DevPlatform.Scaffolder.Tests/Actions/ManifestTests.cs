using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Actions;

/// <summary>Actions that write manifests, as dry runs show them.</summary>
[Collection(ScaffolderCollection.Name)]
public sealed class ManifestTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task A_topic_is_a_strimzi_topic_and_a_resource()
    {
        var run = await _client.DryRunStepAsync(
            "kafka:create-topic", "{ name: team-a.order-placed, namespace: team-a, owner: \"group:default/team-a\", environment: staging, partitions: 6, retentionHours: 24, targetPath: out }");

        run.Result()["entityRef"]!.ToString().ShouldBe("resource:default/team-a-order-placed");
        run.Result()["files"]!.ToJsonString().ShouldBe("""["out/topic.yaml","out/catalog-info.yaml"]""");
        var topic = Yaml.Parse(run.Files()["out/topic.yaml"]);
        topic["kind"]!.ToString().ShouldBe("KafkaTopic");
        topic["metadata"]!["labels"]!["strimzi.io/cluster"]!.ToString().ShouldBe("platform");
        topic["spec"]!["topicName"]!.ToString().ShouldBe("team-a.order-placed");
        topic["spec"]!["partitions"]!.GetValue<int>().ShouldBe(6);
        topic["spec"]!["config"]!["retention.ms"]!.GetValue<long>().ShouldBe(86_400_000);
        var entity = Yaml.Parse(run.Files()["out/catalog-info.yaml"]);
        entity["kind"]!.ToString().ShouldBe("Resource");
        entity["spec"]!["owner"]!.ToString().ShouldBe("group:default/team-a");
    }

    [Fact]
    public async Task A_connector_is_a_strimzi_connector_and_a_resource()
    {
        var run = await _client.DryRunStepAsync(
            "kafka:create-connector",
            "{ name: orders-cdc, namespace: team-a, owner: team-a, class: io.debezium.connector.postgresql.PostgresConnector, config: { database.password: \"$\\u007bsecrets:team-a/db:password}\", topic.prefix: team-a } }");

        var connector = Yaml.Parse(run.Files()["connector.yaml"]);
        connector["kind"]!.ToString().ShouldBe("KafkaConnector");
        connector["metadata"]!["labels"]!["strimzi.io/cluster"]!.ToString().ShouldBe("platform-connect");
        connector["spec"]!["class"]!.ToString().ShouldBe("io.debezium.connector.postgresql.PostgresConnector");
        connector["spec"]!["config"]!["topic.prefix"]!.ToString().ShouldBe("team-a");
        Yaml.Parse(run.Files()["catalog-info.yaml"])["metadata"]!["annotations"]!["devplatform.io/kafka-connector"]!.ToString().ShouldBe("orders-cdc");
    }

    [Fact]
    public async Task An_application_syncs_a_chart_by_itself()
    {
        var run = await _client.DryRunStepAsync(
            "argocd:create-application",
            "{ name: orders, namespace: team-a, repoUrl: \"https://git.example.com/services/orders.git\", entityRef: orders, valueFiles: [values-staging.yaml], values: { replicas: 2 } }");

        var application = Yaml.Parse(run.Files()["application.yaml"]);
        application["apiVersion"]!.ToString().ShouldBe("argoproj.io/v1alpha1");
        application["metadata"]!["labels"]!["platform.devplatform.io/entity"]!.ToString().ShouldBe("component.default.orders");
        application["spec"]!["source"]!.ToJsonString().ShouldBe(
            """{"repoURL":"https://git.example.com/services/orders.git","targetRevision":"main","path":"chart","helm":{"valueFiles":["values-staging.yaml"],"valuesObject":{"replicas":2}}}""");
        application["spec"]!["destination"]!["namespace"]!.ToString().ShouldBe("team-a");
        application["spec"]!["syncPolicy"]!["automated"]!["selfHeal"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task An_external_secret_names_vault_and_holds_nothing()
    {
        var run = await _client.DryRunStepAsync(
            "externalsecret:create", "{ name: payments-api, namespace: team-a, vaultPath: team-a/payments, keys: { API_KEY: apiKey } }");

        run.Result()["secret"]!.ToString().ShouldBe("payments-api");
        var secret = Yaml.Parse(run.Files()["external-secret.yaml"]);
        secret["kind"]!.ToString().ShouldBe("ExternalSecret");
        secret["spec"]!["data"]!.ToJsonString().ShouldBe("""[{"secretKey":"API_KEY","remoteRef":{"key":"team-a/payments","property":"apiKey"}}]""");
        secret["spec"]!["secretStoreRef"]!["kind"]!.ToString().ShouldBe("ClusterSecretStore");
    }

    [Fact]
    public async Task A_changed_claim_keeps_what_the_step_does_not_name()
    {
        var name = await ProvisionedAsync("user:default/ana");

        var run = await _client.DryRunStepAsync("crossplane:change-claim", $$"""{ entityRef: "resource:default/{{name}}", spec: { size: medium } }""");

        run.Result()["path"]!.ToString().ShouldBe($"claims/team-orders/{name}");
        run.Result()["before"]!["size"]!.ToString().ShouldBe("small");
        var claim = Yaml.Parse(run.Files()["claim.yaml"]);
        claim["spec"]!["size"]!.ToString().ShouldBe("medium");
        claim["spec"]!["storage"]!.ToString().ShouldBe("10Gi");
        claim["spec"]!["replicas"]!.GetValue<int>().ShouldBe(2);
        claim["metadata"]!["name"]!.ToString().ShouldBe(name);
    }

    [Theory]
    [InlineData("{ size: large }", "\"spec.size\" is not allowed: found \"large\"; allowed: small,medium in staging")]
    [InlineData("{ storage: 5Gi }", "10Gi or more, it never shrinks")]
    [InlineData("{ replicas: 1 }", "2 to 3 in staging")]
    public async Task A_change_stays_within_the_tier_and_takes_nothing_away(string spec, string reason) =>
        (await ErrorOfAsync("crossplane:change-claim", $$"""{ entityRef: "resource:default/{{await ProvisionedAsync("user:default/ana")}}", spec: {{spec}} }""")).ShouldContain(reason);

    [Theory]
    [InlineData("crossplane:change-claim", "spec: { size: medium }")]
    [InlineData("gitops:commit", "targetPath: claims/team-orders/any, message: Take it away, delete: true")]
    public async Task What_belongs_to_others_is_not_changed(string action, string input)
    {
        var name = await ProvisionedAsync("user:default/ben");

        (await ErrorOfAsync(action, $$"""{ entityRef: "resource:default/{{name}}", {{input}} }""")).ShouldContain("which belongs to user:default/ben");
    }

    [Fact]
    public async Task A_claim_names_where_its_credentials_come_from()
    {
        var run = await _client.DryRunStepAsync(
            "crossplane:create-claim",
            "{ kind: ObjectBucket, name: files, namespace: team-a, environment: staging, owner: team-a, resourceType: storage, tierDefaults: [backup], credentialsPath: aws/sts/team-a-files, spec: { storage: 5Gi } }");

        Yaml.Parse(run.Files()["claim.yaml"])["spec"]!.ToJsonString().ShouldBe("""{"storage":"5Gi","environment":"staging","backup":"daily","writeConnectionSecretToRef":{"name":"files-connection"}}""");
        run.Files()["external-secret.yaml"].ShouldContain("path: aws/sts/team-a-files");
        Yaml.Parse(run.Files()["catalog-info.yaml"])["metadata"]!["annotations"]!["devplatform.io/vault-database-role"].ShouldBeNull();
    }

    [Theory]
    [InlineData("kafka:create-topic", "{ name: other.order-placed, namespace: team-a, owner: team-a }", "\"name\"")]
    [InlineData("kafka:create-topic", "{ name: team-a.x, namespace: team-a, owner: team-a, partitions: 1000 }", "\"partitions\"")]
    [InlineData("kafka:create-topic", "{ name: team-a.x, namespace: team-a, owner: team-a, cleanupPolicy: never }", "delete or compact")]
    [InlineData("kafka:create-connector", "{ name: c, namespace: team-a, owner: team-a, class: X, config: { database.password: hunter22 } }", "config.database.password")]
    [InlineData("argocd:create-application", "{ name: NOT_A_NAME, namespace: team-a, repoUrl: x }", "\"name\"")]
    [InlineData("externalsecret:create", "{ name: stolen, namespace: team-a, vaultPath: team-b/payments }", "a path below \"team-a/\"")]
    [InlineData("externalsecret:create", "{ name: stolen, namespace: team-a, vaultPath: team-a/../team-b/payments }", "a path below \"team-a/\"")]
    [InlineData("crossplane:create-claim", "{ kind: ObjectBucket, name: files, namespace: team-a, environment: staging, owner: team-a, credentialsPath: aws/sts/team-b-files }", "ends with team-a-files")]
    [InlineData("platform:require", "{ condition: \"$\\u007b\\u007b 1 > 2 }}\", message: One is less }", "One is less")]
    [InlineData("crossplane:change-claim", "{ entityRef: \"resource:default/does-not-exist\", spec: {} }", "not found")]
    [InlineData("argocd:create-application", "{ name: orders }", "requires property \"namespace\"")]
    public async Task Refuses_what_would_be_wrong_in_the_cluster(string action, string input, string reason) =>
        (await ErrorOfAsync(action, input)).ShouldContain(reason);

    private async Task<string> ProvisionedAsync(string owner)
    {
        var (name, template) = (SampleTemplates.UniqueName("changed"), fixture.Platform.AddTemplate(SampleTemplates.Database("before-a-change")));
        // Quotas are counted by owner, and this test's are not the point.
        await _client.WaitForStatusAsync(await _client.CreateTaskAsync(template, new { name, environment = "staging", owner = SampleTemplates.UniqueName("team") }), "completed");
        var entity = Yaml.Parse(fixture.Git.Read($"claims/team-orders/{name}/catalog-info.yaml")!);
        entity["spec"]!["owner"] = owner;
        fixture.Platform.Entities[$"resource:default/{name}"] = (JsonObject)entity;
        return name;
    }

    private async Task<string> ErrorOfAsync(string action, string input)
    {
        using var answer = await _client.PostDryRunAsync(DryRuns.Step(action, input));
        answer.StatusCode.ShouldNotBe(HttpStatusCode.OK);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!["message"]!.ToString();
    }
}
