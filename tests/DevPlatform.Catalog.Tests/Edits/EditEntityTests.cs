using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Edits;

/// <summary>Account <c>developer</c> is in team-orders, <c>dba-approver</c> in team-data.</summary>
[Collection(CatalogCollection.Name)]
public sealed class EditEntityTests(CatalogPlatform platform)
{
    [Fact]
    public async Task An_owner_changes_metadata_by_a_commit_in_their_name()
    {
        await AddAsync("ed-patch");
        var (status, body) = await SendAsync("developer", HttpMethod.Patch, "ed-patch", new { metadata = new { description = "changed", labels = new { tier = "gold" } } });
        status.ShouldBe(HttpStatusCode.OK, body?.ToJsonString());
        body!["commit"]!.GetValue<string>().Length.ShouldBe(40);
        body["entity"]!["metadata"]!["description"]!.GetValue<string>().ShouldBe("changed");
        (await platform.EntityAsync("component", "ed-patch"))!["metadata"]!["labels"]!["tier"]!.GetValue<string>().ShouldBe("gold");

        var (text, author, committer, message) = platform.Git.Read("acme", "discovered", "ed-patch/catalog-info.yaml");
        text.ShouldNotBeNull().ShouldStartWith("# ours\n");
        author.ShouldBe("Dana Developer <developer@example.org>");
        committer.ShouldBe("DevPlatform");
        message.ShouldBe("Catalog: change metadata.description, metadata.labels.tier of component:default/ed-patch\n\nRequested-by: user:default/developer\n\nSigned-off-by: Dana Developer <developer@example.org>\n");

        var (again, same) = await SendAsync("developer", HttpMethod.Patch, "ed-patch", new { metadata = new { description = "changed" } });
        (again, same!["commit"]).ShouldBe((HttpStatusCode.OK, null));
    }

    [Fact]
    public async Task Who_does_not_own_it_may_not()
    {
        await AddAsync("ed-foreign");
        (await SendAsync("dba-approver", HttpMethod.Patch, "ed-foreign", new { metadata = new { description = "x" } })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync("dba-approver", HttpMethod.Post, "ed-foreign/transfer", new { owner = "user:dba-approver" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync("dba-approver", HttpMethod.Delete, "ed-foreign")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync("dba-approver", HttpMethod.Put, "ed-foreign/docs/index.md", "x")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync("auditor", HttpMethod.Patch, "ed-foreign", new { metadata = new { description = "x" } })).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_would_be_no_valid_entity_is_refused_and_nothing_is_committed()
    {
        await AddAsync("ed-bad");
        foreach (var (patch, reason) in new (object, string)[]
        {
            (new { metadata = new { tags = new[] { "Not A Tag" } } }, "metadata.tags.0"),
            (new { metadata = new { name = "other" } }, "metadata.name"),
            (new { spec = new { owner = "me" } }, "transfer"),
            (new { metadata = new { annotations = new Dictionary<string, string> { ["backstage.io/managed-by-location"] = "url:http://x" } } }, "managed-by-location"),
            (new { metadata = new { } }, "changes nothing"),
        })
        {
            var (status, body) = await SendAsync("developer", HttpMethod.Patch, "ed-bad", patch);
            status.ShouldBe(HttpStatusCode.BadRequest, reason);
            body!["error"]!["message"]!.GetValue<string>().ShouldContain(reason);
        }

        platform.Git.Read("acme", "discovered", "ed-bad/catalog-info.yaml").Text.ShouldBe(File("ed-bad"));
    }

    [Fact]
    public async Task A_new_owner_takes_over_and_the_old_one_may_no_more()
    {
        await platform.RegisterAsync("ed/teams.yaml", Yaml.All(Yaml.Group("team-orders"), Yaml.Group("team-data")));
        await AddAsync("ed-transfer");
        (await SendAsync("developer", HttpMethod.Post, "ed-transfer/transfer", new { owner = "group:default/nobody" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        var (status, body) = await SendAsync("developer", HttpMethod.Post, "ed-transfer/transfer", new { owner = "team-data" });
        status.ShouldBe(HttpStatusCode.OK, body?.ToJsonString());
        body!["entity"]!.AsObject().Relations().ShouldBe(["ownedBy group:default/team-data"]);
        (await SendAsync("developer", HttpMethod.Patch, "ed-transfer", new { metadata = new { description = "x" } })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync("dba-approver", HttpMethod.Patch, "ed-transfer", new { metadata = new { description = "x" } })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_deleted_entity_leaves_its_repository_and_does_not_return()
    {
        await AddAsync("ed-delete");
        var (status, body) = await SendAsync("developer", HttpMethod.Delete, "ed-delete");
        status.ShouldBe(HttpStatusCode.OK, body?.ToJsonString());
        (await platform.EntityAsync("component", "ed-delete")).ShouldBeNull();
        platform.Git.Read("acme", "discovered", "ed-delete/catalog-info.yaml").Text.ShouldBeNull();
        await platform.RefreshAsync("component:default/discovered-root");
        (await platform.EntityAsync("component", "ed-delete")).ShouldBeNull();
    }

    [Fact]
    public async Task Documentation_is_written_where_the_entity_has_it_and_nowhere_else()
    {
        await AddAsync("ed-docs", "  annotations: { backstage.io/techdocs-ref: \"dir:.\" }\n");
        (await SendAsync("developer", HttpMethod.Put, "ed-docs/docs/guide/index.md", "# Hello\n")).Status.ShouldBe(HttpStatusCode.OK);
        platform.Git.Read("acme", "discovered", "ed-docs/docs/guide/index.md").Text.ShouldBe("# Hello\n");
        (await SendAsync("developer", HttpMethod.Delete, "ed-docs/docs/guide/index.md")).Status.ShouldBe(HttpStatusCode.OK);
        platform.Git.Read("acme", "discovered", "ed-docs/docs/guide/index.md").Text.ShouldBeNull();
        (await SendAsync("developer", HttpMethod.Delete, "ed-docs/docs/guide/index.md")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync("developer", HttpMethod.Put, "ed-docs/docs/a%5C..%5C..%5Cb.md", "x")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync("developer", HttpMethod.Put, "ed-docs/docs/..%2F..%2Fcatalog-info.yaml", "x")).Status.ShouldBe(HttpStatusCode.BadRequest);

        platform.Git.PushLink("acme", "discovered", "ed-docs/docs/link", "../../edited");
        (await SendAsync("developer", HttpMethod.Put, "ed-docs/docs/link/x.md", "x")).Status.ShouldBe(HttpStatusCode.BadRequest);

        await AddAsync("ed-foreign-docs", "  annotations: { backstage.io/techdocs-ref: \"dir:../../..\" }\n");
        (await SendAsync("developer", HttpMethod.Put, "ed-foreign-docs/docs/index.md", "x")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_entity_that_is_not_in_Git_is_not_changed_here()
    {
        await platform.RegisterAsync("ed/plain.yaml", Yaml.Component("ed-plain", "team-orders"));
        var (status, body) = await SendAsync("developer", HttpMethod.Patch, "ed-plain", new { metadata = new { description = "x" } });
        status.ShouldBe(HttpStatusCode.Conflict);
        body!["error"]!["message"]!.GetValue<string>().ShouldContain("no file in a Git repository");
        (await SendAsync("developer", HttpMethod.Patch, "ed-none", new { metadata = new { description = "x" } })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Edits_at_the_same_time_all_arrive()
    {
        await AddAsync("ed-many");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => SendAsync(
            "developer", HttpMethod.Patch, "ed-many", new { metadata = new { labels = new Dictionary<string, string> { [$"l{i}"] = "x" } } })));
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        var text = platform.Git.Read("acme", "discovered", "ed-many/catalog-info.yaml").Text.ShouldNotBeNull();
        Enumerable.Range(0, 5).ShouldAllBe(i => text.Contains($"l{i}: x", StringComparison.Ordinal));
    }

    private static string File(string name, string metadata = "") => "# ours\n" + Yaml.Component(name, "team-orders", metadata: metadata);

    private async Task AddAsync(string name, string metadata = "")
    {
        await Eventually.GetAsync(() => platform.EntityAsync("component", "discovered-root"), "discovery", 60);
        platform.Git.Push("acme", "discovered", ($"{name}/catalog-info.yaml", File(name, metadata)));
        await Eventually.GetAsync(() => platform.EntityAsync("component", name), name, 60);
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(string account, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/catalog/entities/by-name/component/default/{path}")
        {
            Content = body is null ? null : body is string text ? new StringContent(text) : JsonContent.Create(body),
        };
        using var response = await platform.Client(account).SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, answer.StartsWith('{') ? JsonNode.Parse(answer) : null);
    }
}
