using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DevPlatform.TestKit;

namespace DevPlatform.Api.Tests.Web.Portal;

/// <summary>A portal that is built while the API runs.</summary>
public sealed class PortalTests(PortalTests.Fixture platform) : IClassFixture<PortalTests.Fixture>
{
    private const string Template = """
        <!DOCTYPE html><html lang="en"><head><title><%= config.getOptionalString('app.title') ?? 'x' %></title>
        <script defer src="<%= publicPath %>/static/main.0123456789ab.js"></script></head><body><div id="root"></div></body></html>
        """;

    private static readonly string Script = string.Concat(Enumerable.Repeat("console.log('portal');\n", 200));

    [Fact]
    public async Task Is_served_as_soon_as_it_is_there()
    {
        Directory.Delete(platform.Directory, recursive: true);
        var before = await platform.Client().GetAsync("/catalog");
        before.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await before.Content.ReadAsStringAsync()).ShouldContain("./dev portal");

        platform.Build(Template);
        (await platform.Client().GetStringAsync("/catalog")).ShouldContain("/static/main.0123456789ab.js");

        platform.Build(Template.Replace("0123456789ab", "ba9876543210", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(Path.Combine(platform.Directory, "index.html.tmpl"), DateTime.UtcNow.AddMinutes(1));
        (await platform.Client().GetStringAsync("/")).ShouldContain("/static/main.ba9876543210.js");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/catalog/default/component/orders")]
    [InlineData("/docs/default/component/orders/a.md")]
    public async Task Every_path_of_its_own_is_its_page_with_the_configuration(string path)
    {
        platform.Build(Template);

        var response = await platform.Client().GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var html = await response.Content.ReadAsStringAsync();
        html.ShouldContain("<title>Our &quot;Portal&quot;</title>");
        html.ShouldContain("src=\"/static/main.0123456789ab.js\"");
        const string opening = "<script type=\"backstage.io/config\">";
        var text = html[(html.IndexOf(opening, StringComparison.Ordinal) + opening.Length)..html.IndexOf("</script></head>", StringComparison.Ordinal)];
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain($"script-src 'self' 'unsafe-eval' 'sha256-{hash}';");
        policy.Split(';').Single(p => p.Trim().StartsWith("script-src", StringComparison.Ordinal)).ShouldNotContain("unsafe-inline");

        var config = JsonSerializer.Deserialize<JsonElement>(text)[0];
        config.GetProperty("context").GetString().ShouldBe("app");
        var origin = platform.BaseUrl.GetLeftPart(UriPartial.Authority);
        config.GetProperty("data").GetProperty("app").ToString().ShouldBe($$"""{"title":"Our \u0022Portal\u0022","baseUrl":"{{origin}}"}""");
        config.GetProperty("data").GetProperty("backend").GetProperty("baseUrl").GetString().ShouldBe(origin);
        config.GetProperty("data").GetProperty("permission").GetProperty("enabled").GetBoolean().ShouldBeTrue();
        config.GetProperty("data").GetProperty("auth").GetProperty("providers").TryGetProperty("oidc", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_host_name_cannot_become_markup()
    {
        platform.Build(Template);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Host", "\"></script><script>alert(1)</script>");

        (await (await platform.Client().SendAsync(request)).Content.ReadAsStringAsync()).ShouldNotContain("<script>alert(1)");
    }

    [Theory]
    [InlineData("br", ".br")]
    [InlineData("gzip", ".gz")]
    [InlineData("gzip, br", ".br")]
    [InlineData("br;q=0, gzip", ".gz")]
    [InlineData("identity", "")]
    public async Task Files_are_kept_forever_and_come_compressed(string accepted, string suffix)
    {
        platform.Build(Template);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/static/main.0123456789ab.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);

        var response = await platform.Client().SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        response.Headers.Vary.ShouldContain("Accept-Encoding");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        (await response.Content.ReadAsStringAsync()).ShouldBe(suffix.Length == 0 ? Script : suffix);
        response.Content.Headers.ContentEncoding.ShouldBe(suffix switch { ".br" => ["br"], ".gz" => ["gzip"], _ => [] });

        using var again = new HttpRequestMessage(HttpMethod.Get, "/static/main.0123456789ab.js");
        again.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        (await platform.Client().SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/static/gone.ba9876543210.js")]
    [InlineData("/static/main.0123456789ab.js.map")]
    [InlineData("/api/nothing")]
    [InlineData("/static/..%2f..%2fsecret.txt")]
    [InlineData("/static/%2e%2e/%2e%2e/secret.txt")]
    [InlineData("/static/link.js")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        platform.Build(Template);
        await File.WriteAllTextAsync(Path.Combine(platform.Directory, "..", "secret.txt"), "a secret");
        File.CreateSymbolicLink(Path.Combine(platform.Directory, "static", "link.js"), Path.Combine(platform.Directory, "..", "secret.txt"));

        var response = await platform.Client().GetAsync(path);

        (await response.Content.ReadAsStringAsync()).ShouldNotContain("a secret");
        if (!path.Contains("secret", StringComparison.Ordinal))
        {
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Nothing_can_be_sent_to_a_page()
    {
        platform.Build(Template);

        (await platform.Client().PostAsync("/catalog", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    public sealed class Fixture : PlatformApi
    {
        public string Directory { get; } = Path.Combine(System.IO.Directory.CreateTempSubdirectory("portal").FullName, "portal");

        protected override IEnumerable<string> Settings => [$"Portal:Directory={Directory}", "Portal:Title=Our \"Portal\""];

        public void Build(string template)
        {
            if (System.IO.Directory.Exists(Directory))
            {
                System.IO.Directory.Delete(Directory, recursive: true);
            }

            var statics = System.IO.Directory.CreateDirectory(Path.Combine(Directory, "static")).FullName;
            File.WriteAllText(Path.Combine(statics, "main.0123456789ab.js"), Script);
            File.WriteAllText(Path.Combine(statics, "main.0123456789ab.js.map"), "{}");
            // Not compressed at all: a test sees which one came.
            File.WriteAllText(Path.Combine(statics, "main.0123456789ab.js.br"), ".br");
            File.WriteAllText(Path.Combine(statics, "main.0123456789ab.js.gz"), ".gz");
            File.WriteAllText(Path.Combine(Directory, "index.html.tmpl"), template);
        }

        public override async Task InitializeAsync()
        {
            System.IO.Directory.CreateDirectory(Directory);
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            System.IO.Directory.Delete(Path.GetDirectoryName(Directory)!, recursive: true);
        }
    }
}
