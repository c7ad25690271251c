using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Api.Hosting;
using DevPlatform.Catalog.Tests.Support;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Catalog.Tests.TechDocs;

/// <summary>The TechDocs API as the reader asks it: documentation in a Git repository, over HTTP.</summary>
[Collection(CatalogCollection.Name)]
public sealed class TechDocsApiTests(CatalogPlatform platform)
{
    private const string Annotation = "    backstage.io/techdocs-ref: ";

    [Fact]
    public async Task What_is_not_built_yet_is_built_once_however_many_ask()
    {
        await RegisterAsync("once", ("docs/index.md", "# Once\n"));
        var before = platform.StoredDocs.Count;
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => i % 3 == 0 ? SyncAsync("once") : ReadAsync("once", i % 3 == 1 ? "" : "index.html")));
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        answers.Count(answer => answer.Body.Contains("<h1 id=\"once\">", StringComparison.Ordinal)).ShouldBe(16);
        answers.Count(answer => answer.Body.Contains("event: finish\ndata: {\"updated\":false}\n\n", StringComparison.Ordinal)).ShouldBe(8);
        platform.StoredDocs.Count.ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_push_shows_after_a_sync_which_tells_what_it_does()
    {
        await RegisterAsync("pushed", ("docs/index.md", "# Before\n"), ("mkdocs.yml", "site_name: Pushed\n"));
        (await ReadAsync("pushed", "index.html")).Body.ShouldContain("Before");
        platform.Git.Push("acme", "discovered", ("pushed/docs/index.md", "# After\n\n[nowhere](missing.md)\n"));
        (await ReadAsync("pushed", "index.html")).Body.ShouldContain("Before");
        var sync = (await SyncAsync("pushed")).Body;
        sync.ShouldStartWith("event: log\ndata: \"component:default/docs-pushed: Looking at ");
        sync.ShouldContain("Broken link in index.md: \\\"missing.md\\\": there is no such file");
        sync.ShouldEndWith("event: finish\ndata: {\"updated\":true}\n\n");
        (await ReadAsync("pushed", "index.html")).Body.ShouldContain("After");
        platform.Git.Push("acme", "discovered", ("unrelated.txt", Guid.NewGuid().ToString()));
        var stored = platform.StoredDocs.Count;
        (await SyncAsync("pushed")).Body.ShouldContain("leaves the documentation as it was");
        platform.StoredDocs.Count.ShouldBe(stored);
    }

    [Fact]
    public async Task Metadata_says_what_was_built_of_which_commit_and_what_is_broken()
    {
        await RegisterAsync("meta", ("docs/index.md", "# Meta\n\n[x](gone.md)\n"), ("mkdocs.yml", "site_name: Meta docs\nsite_description: About\n"));
        var metadata = JsonNode.Parse((await GetAsync("metadata/techdocs/default/Component/docs-meta")).Body)!;
        metadata["site_name"]!.GetValue<string>().ShouldBe("Meta docs");
        metadata["site_description"]!.GetValue<string>().ShouldBe("About");
        metadata["build_timestamp"]!.GetValue<long>().ShouldBeGreaterThan(1_700_000_000_000);
        metadata["etag"]!.GetValue<string>().ShouldNotBeEmpty();
        metadata["files"]!.AsArray().Select(file => file!.GetValue<string>()).ShouldContain("search/search_index.json");
        metadata["last_commit"]!["author"]!.GetValue<string>().ShouldBe("Ana");
        metadata["broken_links"]![0]!.ToJsonString().ShouldBe("{\"page\":\"index.md\",\"link\":\"gone.md\",\"reason\":\"there is no such file\"}");
        var entity = JsonNode.Parse((await GetAsync("metadata/entity/default/component/docs-meta")).Body)!;
        entity["metadata"]!["name"]!.GetValue<string>().ShouldBe("docs-meta");
        entity["locationMetadata"]!["type"]!.GetValue<string>().ShouldBe("url");
        entity["locationMetadata"]!["target"]!.GetValue<string>().ShouldBe(platform.Git.FileUrl("acme", "discovered", "meta"));
    }

    [Fact]
    public async Task Files_come_with_tags_and_types_under_which_no_browser_runs_them()
    {
        await RegisterAsync(
            "files", ("docs/index.md", "# Files\n"), ("docs/x.svg", "<svg onload='alert(1)'/>"), ("docs/x.html", "<script>1</script>"), ("docs/x.js", "alert(1)"),
            ("docs/x.css", "a{}"), ("docs/x.xml", "<a/>"), ("docs/x.png", "png"), ("docs/x.JSON", "{}"));
        var expected = new Dictionary<string, string>
        {
            ["index.html"] = "text/plain",
            ["x.svg"] = "text/plain",
            ["x.html"] = "text/plain",
            ["x.js"] = "text/plain",
            ["x.css"] = "text/plain",
            ["x.xml"] = "text/plain",
            ["x.png"] = "image/png",
            ["x.JSON"] = "application/json",
        };
        foreach (var (path, type) in expected)
        {
            using var answer = await platform.Admin.GetAsync($"/api/techdocs/static/docs/default/component/docs-files/{path}");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(type, path);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
            using var again = new HttpRequestMessage(HttpMethod.Get, answer.RequestMessage!.RequestUri);
            again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
            using var unchanged = await platform.Admin.SendAsync(again);
            unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        }

        var style = (await ReadAsync("files", "index.html")).Body.Split("href=\"").First(part => part.StartsWith("assets/", StringComparison.Ordinal)).Split('"')[0];
        using var css = await platform.Admin.GetAsync($"/api/techdocs/static/docs/default/component/docs-files/{style}");
        css.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
    }

    [Fact]
    public async Task A_path_that_is_no_file_of_the_site_is_not_found()
    {
        await RegisterAsync("paths", ("docs/index.md", "# Paths\n"));
        foreach (var path in new[] { "missing.html", "..%2f..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cetc%5cpasswd", "%00", "a%00.html", "/etc/passwd", "assets" })
        {
            var (status, body) = await ReadAsync("paths", path);
            status.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
            body.ShouldNotContain("root:");
        }
    }

    [Theory]
    [InlineData("url:https://github.com/acme/other", "leads out of")]
    [InlineData("url:{git}/acme/empty/src/branch/main/docs", "leads out of")]
    [InlineData("dir:../../..", "leads out of")]
    [InlineData("dir:https://example.com/x", "leads out of")]
    [InlineData("file:/etc", "allowed: dir:<path>")]
    [InlineData("dir:../other", "has no directory")]
    public async Task Documentation_of_another_repository_or_of_none_is_refused_with_the_reason(string reference, string reason)
    {
        var name = $"refused-{Math.Abs(StringComparer.Ordinal.GetHashCode(reference))}";
        await RegisterAsync(name, reference.Replace("{git}", platform.Git.BaseUrl.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal), ("docs/index.md", "# Refused\n"));
        var (status, body) = await ReadAsync(name, "index.html");
        status.ShouldBe(HttpStatusCode.NotFound);
        body.ShouldStartWith("File Not Found: ");
        (await SyncAsync(name)).Body.ShouldContain(reason);
        (await SyncAsync(name)).Body.ShouldContain("event: error\ndata: \"");
        var metadata = await GetAsync($"metadata/techdocs/default/component/docs-{name}");
        metadata.Status.ShouldBe(HttpStatusCode.NotFound);
        JsonNode.Parse(metadata.Body)!["error"]!["message"]!.GetValue<string>().ShouldStartWith($"Unable to get metadata for 'component:default/docs-{name}'");
    }

    [Fact]
    public async Task A_bad_configuration_is_an_error_of_the_sync_until_it_is_mended()
    {
        await RegisterAsync("mended", ("docs/index.md", "# Mended\n"), ("mkdocs.yml", "site_name: [bad\n"));
        (await SyncAsync("mended")).Body.ShouldContain("event: error\ndata: \"mended/mkdocs.yml:");
        (await ReadAsync("mended", "index.html")).Status.ShouldBe(HttpStatusCode.NotFound);
        platform.Git.Push("acme", "discovered", ("mended/mkdocs.yml", "site_name: good\n"));
        (await ReadAsync("mended", "index.html")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Unknown_entities_and_entities_without_documentation_are_not_found()
    {
        platform.Git.Push("acme", "discovered", ("bare/catalog-info.yaml", Yaml.Component("docs-bare", "team-discovered")));
        await PushedAsync("docs-bare");
        foreach (var path in new[] { "metadata/techdocs/default/component/docs-bare", "metadata/entity/default/component/docs-bare", "static/docs/default/component/docs-bare/index.html" })
        {
            (await GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
            var unknown = await GetAsync(path.Replace("docs-bare", "docs-unknown", StringComparison.Ordinal));
            unknown.Status.ShouldBe(HttpStatusCode.NotFound, path);
            JsonNode.Parse(unknown.Body)!["error"]!["message"]!.GetValue<string>().ShouldEndWith(" 'component:default/docs-unknown'");
        }

        (await GetAsync("sync/default/component/docs-unknown")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await SyncAsync("bare")).Body.ShouldContain("event: error\ndata: \"component:default/docs-bare has no annotation backstage.io/techdocs-ref\"");
    }

    [Fact]
    public async Task An_entity_can_show_the_documentation_of_another()
    {
        await RegisterAsync("target", ("docs/index.md", "# Target\n"));
        platform.Git.Push("acme", "discovered", ("pointer/catalog-info.yaml", Yaml.Component(
            "docs-pointer", "team-discovered", metadata: "  annotations:\n    backstage.io/techdocs-entity: component:default/docs-target\n")));
        await PushedAsync("docs-pointer");
        (await ReadAsync("pointer", "index.html")).Body.ShouldContain("<h1 id=\"target\">");
    }

    [Fact]
    public async Task Names_in_any_case_lead_to_the_lower_case_address()
    {
        using var answer = await platform.Admin.GetAsync("/api/techdocs/static/docs/Default/Component/docs-x/a%20b/index.html?x=1");
        answer.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        answer.Headers.Location!.OriginalString.ShouldBe("/api/techdocs/static/docs/default/component/docs-x/a%20b/index.html?x=1");
    }

    [Fact]
    public async Task The_cookie_opens_files_and_nothing_else_until_it_is_cleared()
    {
        await RegisterAsync("cookie", ("docs/index.md", "# Cookie\n"));
        using var anonymous = platform.Client();
        const string page = "/api/techdocs/static/docs/default/component/docs-cookie/index.html";
        (await anonymous.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await anonymous.GetAsync("/api/techdocs/.backstage/auth/v1/cookie")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var token = await platform.Keycloak.TokenAsync("developer");
        using var given = await platform.ClientWithToken(token).GetAsync("/api/techdocs/.backstage/auth/v1/cookie");
        var expires = JsonNode.Parse(await given.Content.ReadAsStringAsync())!["expiresAt"]!.GetValue<DateTimeOffset>();
        expires.ShouldBeGreaterThan(DateTimeOffset.UtcNow);
        var cookies = given.Headers.GetValues("Set-Cookie").ToList();
        cookies.ShouldAllBe(cookie => cookie.Contains("path=/api/techdocs") && cookie.Contains("httponly") && cookie.Contains("samesite=strict"));
        var value = string.Join("; ", cookies.Select(cookie => cookie.Split(';')[0]));
        value.ShouldNotContain(token.Split('.')[1]);

        (await WithCookieAsync(anonymous, page, value)).ShouldBe(HttpStatusCode.OK);
        (await WithCookieAsync(anonymous, "/api/techdocs/metadata/techdocs/default/component/docs-cookie", value)).ShouldBe(HttpStatusCode.Unauthorized);
        (await WithCookieAsync(anonymous, "/api/techdocs/sync/default/component/docs-cookie", value)).ShouldBe(HttpStatusCode.Unauthorized);
        (await WithCookieAsync(anonymous, "/api/catalog/entities", value)).ShouldBe(HttpStatusCode.Unauthorized);
        (await WithCookieAsync(anonymous, page, value[..^4] + "AAAA")).ShouldBe(HttpStatusCode.Unauthorized);
        (await WithCookieAsync(anonymous, page, "devplatform-techdocs=nonsense")).ShouldBe(HttpStatusCode.Unauthorized);

        using var cleared = await anonymous.DeleteAsync("/api/techdocs/.backstage/auth/v1/cookie");
        cleared.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        cleared.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Contains("expires=Thu, 01 Jan 1970"));
    }

    [Fact]
    public async Task Another_replica_serves_what_one_published_and_hides_what_its_policy_hides()
    {
        await RegisterAsync("replica", ("docs/index.md", "# Replica\n"));
        (await ReadAsync("replica", "index.html")).Status.ShouldBe(HttpStatusCode.OK);
        var directory = Directory.CreateTempSubdirectory("techdocs-replica");
        await using (var other = PlatformHost.Build(platform.ReplicaArguments(
            $"TechDocs:Directory={directory.FullName}", "Permissions:Policies:catalog.entity.read:Allow:0:Roles:0=platform-admin",
            "Permissions:Policies:catalog.entity.read:Allow:1:Roles:0=developer", "Permissions:Policies:catalog.entity.read:Allow:1:Owner=true")))
        {
            await other.StartPlatformAsync();
            var url = new Uri(other.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            var page = new Uri(url, "/api/techdocs/static/docs/default/component/docs-replica/index.html");
            using var answer = await platform.Admin.GetAsync(page);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync()).ShouldBe((await ReadAsync("replica", "index.html")).Body);
            using var hidden = await platform.Client("developer").GetAsync(page);
            hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await hidden.Content.ReadAsStringAsync()).ShouldContain("Entity not found for 'component:default/docs-replica'");
            await other.StopAsync();
        }

        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_nobody_opened_is_built_all_the_same()
    {
        await RegisterAsync("unopened", ("docs/index.md", "# Unopened\n"));
        var directory = Directory.CreateTempSubdirectory("techdocs-upkeep");
        await using (var other = PlatformHost.Build(platform.ReplicaArguments($"TechDocs:Directory={directory.FullName}", "TechDocs:UpkeepInterval=00:00:01")))
        {
            await other.StartPlatformAsync();
            await using var data = Npgsql.NpgsqlDataSource.Create(platform.ConnectionString);
            await using var built = data.CreateCommand("select count(*) from catalog.techdocs_sites where entity_ref = 'component:default/docs-unopened'");
            await Eventually.HoldsAsync(async () => (long)(await built.ExecuteScalarAsync())! == 1, "the documentation that nobody opened", seconds: 90);
            await other.StopAsync();
        }

        directory.Delete(recursive: true);
    }

    private static async Task<HttpStatusCode> WithCookieAsync(HttpClient client, string path, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private Task RegisterAsync(string name, params (string Path, string Text)[] docs) => RegisterAsync(name, "dir:.", docs);

    private async Task RegisterAsync(string name, string reference, params (string Path, string Text)[] docs)
    {
        var entity = Yaml.Component($"docs-{name}", "team-discovered", metadata: $"  annotations:\n{Annotation}{reference}\n");
        platform.Git.Push("acme", "discovered", [($"{name}/catalog-info.yaml", entity), .. docs.Select(doc => ($"{name}/{doc.Path}", (string?)doc.Text))]);
        await PushedAsync($"docs-{name}");
    }

    private Task<JsonObject> PushedAsync(string entity) => Eventually.GetAsync(() => platform.EntityAsync("component", entity), $"entity {entity}", seconds: 60);

    private Task<(HttpStatusCode Status, string Body)> ReadAsync(string name, string path) => GetAsync($"static/docs/default/component/docs-{name}/{path}");

    private Task<(HttpStatusCode Status, string Body)> SyncAsync(string name) => GetAsync($"sync/default/component/docs-{name}");

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var answer = await platform.Admin.GetAsync($"/api/techdocs/{path}");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
