using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;
using k8s;
using k8s.Models;

namespace DevPlatform.Catalog.Tests.Crossplane;

[Collection(CatalogCollection.Name)]
public sealed class ClaimWatchTests(CatalogPlatform platform)
{
    private const string Group = "platform.devplatform.io";
    private const string Version = "v1alpha1";
    private const string Namespace = "team-orders";
    private const string Plural = "postgresqlinstances";

    [Fact]
    public async Task The_state_of_a_claim_follows_on_its_resource()
    {
        await platform.RegisterAsync("claims/a.yaml", Yaml.All(Yaml.Resource("watched-db", "claims-team"), Yaml.Group("claims-team")));
        (await ResourceAsync("watched-db"))["status"].ShouldBeNull();

        await CreateAsync("watched-db");
        await StateAsync("watched-db", "Provisioning", null);
        await ReportAsync("watched-db", "False", "Creating", "Creating the cluster", ready: true);
        await StateAsync("watched-db", "Provisioning", "Creating the cluster");
        await ReportAsync("watched-db", "True", "Available", null, ready: true);
        var ready = await StateAsync("watched-db", "Ready", null);
        ready["status"]!["resource"]!["environment"]!.ToString().ShouldBe("development");
        ready["status"]!["resource"]!["size"]!.ToString().ShouldBe("small");
        ready["status"]!["resource"]!["connection"]!["vaultPath"]!.ToString().ShouldBe("database/creds/team-orders-watched-db-read");
        (await platform.NamesAsync("entities?filter=kind=resource,metadata.annotations.devplatform.io/state=ready,metadata.name=watched-db")).ShouldBe(["watched-db"]);

        await ReportAsync("watched-db", "False", "ReconcileError", "the operator says no", ready: false);
        var degraded = await StateAsync("watched-db", "Degraded", "the operator says no");
        degraded.StatusMessages().ShouldBe(["Degraded: the operator says no"]);

        await platform.Cluster.CustomObjects.DeleteNamespacedCustomObjectAsync(Group, Version, Namespace, Plural, "watched-db");
        await Eventually.HoldsAsync(async () => (await ResourceAsync("watched-db"))["status"]?["resource"]?["state"]?.ToString() is null or "Deleting", "the claim's end");
    }

    [Fact]
    public async Task A_claim_that_comes_before_its_entity_is_applied_when_that_appears()
    {
        await CreateAsync("early-db");
        await ReportAsync("early-db", "False", "ReconcileError", "no such size", ready: false);
        await CreateAsync("early-marker");
        await platform.RegisterAsync("claims/marker.yaml", Yaml.Resource("early-marker", "early-team"));
        // By now the watch is past the first claim.
        await StateAsync("early-marker", "Provisioning", null);

        await platform.RegisterAsync("claims/early.yaml", Yaml.All(Yaml.Resource("early-db", "early-team"), Yaml.Group("early-team")));
        var resource = await ResourceAsync("early-db");
        resource["status"]!["resource"]!["state"]!.ToString().ShouldBe("Failed");
        resource["status"]!["resource"]!["message"]!.ToString().ShouldBe("no such size");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_missed_when_the_cluster_forgets_where_a_watch_was(bool asStatus)
    {
        var (kept, gone) = ($"compacted-{asStatus}".ToLowerInvariant(), $"forgotten-{asStatus}".ToLowerInvariant());
        await platform.RegisterAsync($"claims/{kept}.yaml", Yaml.All(Yaml.Resource(kept, "claims-team"), Yaml.Resource(gone, "claims-team")));
        await CreateAsync(kept);
        await CreateAsync(gone);
        await StateAsync(kept, "Provisioning", null);
        await StateAsync(gone, "Provisioning", null);

        using var http = new HttpClient { BaseAddress = platform.Cluster.BaseUri };
        (await http.PostAsJsonAsync("__compact", new { disconnect = true, goneAsStatus = asStatus })).EnsureSuccessStatusCode();
        await platform.Cluster.CustomObjects.DeleteNamespacedCustomObjectAsync(Group, Version, Namespace, Plural, gone);
        await ReportAsync(kept, "True", "Available", null, ready: true);
        await StateAsync(kept, "Ready", null);
        await Eventually.HoldsAsync(async () => (await ResourceAsync(gone))["status"]?["resource"]?["state"]?.ToString() is null or "Deleting", "the claim's end");
    }

    private async Task<JsonObject> ResourceAsync(string name) => (await platform.EntityAsync("resource", name)).ShouldNotBeNull();

    private Task<JsonObject> StateAsync(string name, string state, string? message) => Eventually.GetAsync(
        async () => await ResourceAsync(name) is var resource && resource["status"]?["resource"] is { } status
            && (status["state"]?.ToString(), status["message"]?.ToString()) == (state, message) ? resource : null,
        $"{name} {state}");

    private Task<object> CreateAsync(string name) => platform.Cluster.CustomObjects.CreateNamespacedCustomObjectAsync(
        new
        {
            apiVersion = $"{Group}/{Version}",
            kind = "PostgreSQLInstance",
            metadata = new { name, @namespace = Namespace, labels = new Dictionary<string, string> { ["platform.devplatform.io/entity"] = $"resource.default.{name}" } },
            spec = new { environment = "development", size = "small", storage = "10Gi" },
        },
        Group, Version, Namespace, Plural);

    private Task<object> ReportAsync(string name, string status, string reason, string? message, bool ready) => platform.Cluster.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
        new V1Patch(
            new
            {
                status = new
                {
                    database = new { name, vaultRoles = new { read = $"{Namespace}-{name}-read" } },
                    conditions = new[] { new { type = ready ? "Ready" : "Synced", status, reason, message = message ?? "", lastTransitionTime = "2026-01-01T00:00:00Z" } },
                },
            },
            V1Patch.PatchType.MergePatch),
        Group, Version, Namespace, Plural, name);
}
