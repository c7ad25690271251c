using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using static DevPlatform.MockTools.Tests.Kubernetes.ClusterFixture;

namespace DevPlatform.MockTools.Tests.Kubernetes;

public sealed class WritingTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task A_created_claim_has_an_identity_and_defaults()
    {
        var claim = await cluster.CreateClaimAsync("created");

        claim.Metadata.Uid.ShouldNotBeNullOrEmpty();
        claim.Metadata.CreationTimestamp.ShouldNotBeNull();
        claim.Metadata.Generation.ShouldBe(1);
        claim.Metadata.ResourceVersion.ShouldNotBeNullOrEmpty();
        claim.Spec.Replicas.ShouldBe(1);
    }

    [Fact]
    public async Task A_value_outside_the_schema_is_refused_naming_field_found_and_allowed()
    {
        var error = await Should.ThrowAsync<HttpOperationException>(() => cluster.CreateClaimAsync("invalid", size: "huge"));

        error.Response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var status = KubernetesJson.Deserialize<V1Status>(error.Response.Content);
        status.Reason.ShouldBe("Invalid");
        status.Details.Causes.ShouldHaveSingleItem().Field.ShouldBe("spec.size");
        status.Message.ShouldBe("PostgreSQLInstance.platform.devplatform.io \"invalid\" is invalid: spec.size: Unsupported value: \"huge\": supported values: \"small\", \"medium\", \"large\"");
    }

    [Fact]
    public async Task A_second_object_of_a_name_and_an_unknown_namespace_are_refused()
    {
        await cluster.CreateClaimAsync("twice");

        (await Should.ThrowAsync<HttpOperationException>(() => cluster.CreateClaimAsync("twice"))).Response.Content.ShouldContain("AlreadyExists");
        (await Should.ThrowAsync<HttpOperationException>(() => cluster.CreateClaimAsync("lost", @namespace: "nowhere"))).Response.Content
            .ShouldContain("namespaces \\\"nowhere\\\" not found");
    }

    [Fact]
    public async Task Replacing_an_outdated_version_is_a_conflict()
    {
        var claim = await cluster.CreateClaimAsync("contended");
        var older = claim.Metadata.ResourceVersion;
        claim.Spec.Size = "medium";
        var current = await ReplaceAsync(claim);
        current.Metadata.Generation.ShouldBe(2);
        claim.Metadata.ResourceVersion = older;

        var error = await Should.ThrowAsync<HttpOperationException>(() => ReplaceAsync(claim));

        error.Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        KubernetesJson.Deserialize<V1Status>(error.Response.Content).Reason.ShouldBe("Conflict");
    }

    [Fact]
    public async Task A_change_of_the_status_alone_keeps_the_generation_and_a_change_of_labels_too()
    {
        await cluster.CreateClaimAsync("status");

        var reported = await cluster.Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync<Claim>(
            Merge(new { status = new { host = "db" }, spec = new { size = "large" } }), Group, GroupVersion, "team-orders", Plural, "status");
        var labelled = await PatchAsync("status", Merge(new { metadata = new { labels = new { a = "b" } }, status = new { host = "intruder" } }));

        reported.Status!.Host.ShouldBe("db");
        reported.Spec.Size.ShouldBe("small");
        labelled.Metadata.Generation.ShouldBe(1);
        labelled.Status!.Host.ShouldBe("db");
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_makes_no_new_version()
    {
        var claim = await cluster.CreateClaimAsync("unchanged");

        (await PatchAsync("unchanged", Merge(new { spec = new { size = "small" } }))).Metadata.ResourceVersion.ShouldBe(claim.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_json_patch_whose_test_fails_changes_nothing()
    {
        await cluster.CreateClaimAsync("tested");
        object[] operations = [new { op = "replace", path = "/spec/storage", value = "20Gi" }, new { op = "test", path = "/spec/size", value = "large" }];

        var error = await Should.ThrowAsync<HttpOperationException>(() => PatchAsync("tested", new V1Patch(operations, V1Patch.PatchType.JsonPatch)));

        error.Response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await GetAsync("tested")).Spec.Storage.ShouldBe("10Gi");
    }

    [Fact]
    public async Task Apply_owns_its_fields_conflicts_with_other_managers_and_removes_what_it_no_longer_says()
    {
        await ApplyAsync("first", new { team = "orders", tier = "gold" }, "small");

        var conflict = await Should.ThrowAsync<HttpOperationException>(() => ApplyAsync("second", new { }, "large"));
        var forced = await ApplyAsync("second", new { }, "large", force: true);
        var reduced = await ApplyAsync("first", new { team = "orders" }, "large");

        conflict.Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        conflict.Response.Content.ShouldContain("conflict with \\\"first\\\"");
        forced.Spec.Size.ShouldBe("large");
        reduced.Metadata.Labels.ShouldHaveSingleItem().Key.ShouldBe("team");
        reduced.Metadata.ManagedFields.Select(f => f.Manager).ShouldBe(["first", "second"], ignoreOrder: true);

        Task<Claim> ApplyAsync(string manager, object labels, string size, bool force = false)
        {
            var configuration = new
            {
                apiVersion = $"{Group}/{GroupVersion}",
                kind = "PostgreSQLInstance",
                metadata = new { name = "applied", labels },
                spec = new { environment = "staging", size, storage = "5Gi" },
            };
            return cluster.Client.CustomObjects.PatchNamespacedCustomObjectAsync<Claim>(
                new V1Patch(configuration, V1Patch.PatchType.ApplyPatch), Group, GroupVersion, "team-orders", Plural, "applied", fieldManager: manager, force: force);
        }
    }

    [Fact]
    public async Task An_unknown_field_is_dropped_unless_strictness_is_asked_for()
    {
        await cluster.CreateClaimAsync("strict");
        var patch = Merge(new { spec = new { colour = "red" } });

        var error = await Should.ThrowAsync<HttpOperationException>(() => cluster.Client.CustomObjects.PatchNamespacedCustomObjectAsync<Claim>(
            patch, Group, GroupVersion, "team-orders", Plural, "strict", fieldValidation: "Strict"));
        var answer = await cluster.Client.CustomObjects.PatchNamespacedCustomObjectAsync(patch, Group, GroupVersion, "team-orders", Plural, "strict");

        error.Response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        error.Response.Content.ShouldContain("unknown field \\\"spec.colour\\\"");
        answer.ToString()!.ShouldNotContain("colour\":\"red");
    }

    [Fact]
    public async Task Deletion_waits_for_finalizers_and_honours_preconditions()
    {
        var claim = await cluster.CreateClaimAsync("finalized");
        await PatchAsync("finalized", Merge(new { metadata = new { finalizers = new[] { "example.com/cleanup" } } }));

        var error = await Should.ThrowAsync<HttpOperationException>(() => DeleteAsync("finalized", new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = "other" } }));
        await DeleteAsync("finalized", new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = claim.Metadata.Uid } });
        var marked = await GetAsync("finalized");
        await PatchAsync("finalized", Merge(new { metadata = new { finalizers = Array.Empty<string>() } }));

        error.Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        marked.Metadata.DeletionTimestamp.ShouldNotBeNull();
        (await Should.ThrowAsync<HttpOperationException>(() => GetAsync("finalized"))).Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_an_object_owns_goes_with_it_and_a_namespace_takes_all()
    {
        await cluster.Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = "temporary" } });
        var owner = await cluster.CreateClaimAsync("owner", @namespace: "temporary");
        V1OwnerReference[] owners = [new() { ApiVersion = owner.ApiVersion, Kind = owner.Kind, Name = "owner", Uid = owner.Metadata.Uid }];
        foreach (var (name, references) in new[] { ("owned", owners), ("free", null) })
        {
            await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name, OwnerReferences = references } }, "temporary");
        }

        await cluster.Client.CustomObjects.DeleteNamespacedCustomObjectAsync(Group, GroupVersion, "temporary", Plural, "owner");
        (await cluster.Client.CoreV1.ListNamespacedConfigMapAsync("temporary")).Items.ShouldHaveSingleItem().Metadata.Name.ShouldBe("free");
        await cluster.Client.CoreV1.DeleteNamespaceAsync("temporary");

        (await cluster.Client.CoreV1.ListConfigMapForAllNamespacesAsync(fieldSelector: "metadata.namespace=temporary")).Items.ShouldBeEmpty();
        (await cluster.Client.CoreV1.ListNamespaceAsync()).Items.ShouldNotContain(n => n.Metadata.Name == "temporary");
    }

    [Fact]
    public async Task A_dry_run_stores_nothing()
    {
        await cluster.Client.CustomObjects.CreateNamespacedCustomObjectAsync(Claim.New("dry", "small", "team-orders"), Group, GroupVersion, "team-orders", Plural, dryRun: "All");

        (await Should.ThrowAsync<HttpOperationException>(() => GetAsync("dry"))).Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static V1Patch Merge(object patch) => new(patch, V1Patch.PatchType.MergePatch);

    private Task<Claim> GetAsync(string name) => cluster.Client.CustomObjects.GetNamespacedCustomObjectAsync<Claim>(Group, GroupVersion, "team-orders", Plural, name);

    private Task<Claim> PatchAsync(string name, V1Patch patch) => cluster.Client.CustomObjects.PatchNamespacedCustomObjectAsync<Claim>(patch, Group, GroupVersion, "team-orders", Plural, name);

    private Task<Claim> ReplaceAsync(Claim claim) => cluster.Client.CustomObjects.ReplaceNamespacedCustomObjectAsync<Claim>(claim, Group, GroupVersion, "team-orders", Plural, claim.Metadata.Name);

    private Task<object> DeleteAsync(string name, V1DeleteOptions options) => cluster.Client.CustomObjects.DeleteNamespacedCustomObjectAsync(Group, GroupVersion, "team-orders", Plural, name, options);
}
