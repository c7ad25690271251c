using System.Net;
using System.Text.Json;

namespace DevPlatform.Api.Tests.Web;

[Collection(ApiCollection.Name)]
public sealed class HttpTests(ApiFixture platform)
{
    [Theory]
    [InlineData("/api/permission/health", "default-src 'none'; frame-ancestors 'none'")]
    [InlineData("/", "default-src 'self'")]
    [InlineData("/health/live", "default-src 'self'")]
    public async Task Every_answer_carries_the_security_headers(string path, string policy)
    {
        var response = await platform.Client().GetAsync(path);

        Header(response, "X-Content-Type-Options").ShouldBe("nosniff");
        Header(response, "X-Frame-Options").ShouldBe("DENY");
        Header(response, "Referrer-Policy").ShouldBe("strict-origin-when-cross-origin");
        Header(response, "Content-Security-Policy").ShouldStartWith(policy);
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Errors_carry_them_too()
    {
        var response = await platform.Client().GetAsync("/api/nothing");

        Header(response, "X-Content-Type-Options").ShouldBe("nosniff");
        Header(response, "Content-Security-Policy").ShouldStartWith("default-src 'none'");
    }

    [Fact]
    public async Task The_start_page_says_how_to_build_the_portal() =>
        (await platform.Client().GetStringAsync("/")).ShouldContain("./dev portal");

    [Theory]
    [InlineData("/health/live", "\"status\":\"Healthy\"")]
    [InlineData("/health/ready", "\"postgres\":\"Healthy\"")]
    [InlineData("/.backstage/health/v1/liveness", "{\"status\":\"ok\"}")]
    [InlineData("/.backstage/health/v1/readiness", "{\"status\":\"ok\"}")]
    public async Task Tells_its_health_to_everyone(string path, string expected)
    {
        var response = await platform.Client().GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldContain(expected);
    }

    [Fact]
    public async Task Can_be_scraped_by_Prometheus()
    {
        await platform.Client("developer").GetAsync("/api/identity/me");

        (await platform.Client().GetStringAsync("/metrics")).ShouldContain("http_server_request_duration_seconds");
    }

    [Fact]
    public async Task Describes_every_endpoint_and_shows_it()
    {
        var document = JsonSerializer.Deserialize<JsonElement>(await platform.Client().GetStringAsync("/openapi/v1.json"));
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();

        paths.ShouldContain("/api/permission/authorize");
        paths.ShouldContain("/api/identity/audit");
        paths.ShouldAllBe(p => p == "/" || p.StartsWith("/api/"));
        (await platform.Client().GetStringAsync("/scalar/")).ShouldContain("openapi/v1.json");
        var audit = document.GetProperty("paths").GetProperty("/api/identity/audit").GetProperty("get");
        audit.GetProperty("description").ToString().ShouldContain("audit.read");
        audit.GetProperty("security").ToString().ShouldContain("keycloak");
        audit.GetProperty("responses").GetProperty("default").ToString().ShouldContain("schema");
        var health = document.GetProperty("paths").GetProperty("/api/permission/health").GetProperty("get");
        health.TryGetProperty("security", out _).ShouldBeFalse();
        document.GetProperty("components").GetProperty("schemas").GetProperty("ToolState").ToString().ShouldContain("Degraded");
    }

    [Fact]
    public async Task Believes_forwarded_headers_of_a_known_proxy() =>
        (await ServerUrlAsync(platform)).ShouldBe("https://portal.example/");

    [Fact]
    public async Task Compresses_when_asked_to()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.AcceptEncoding.ParseAdd("br");

        (await platform.Client().SendAsync(request)).Content.Headers.ContentEncoding.ShouldBe(["br"]);
    }

    [Fact]
    public async Task Limits_callers_without_a_token()
    {
        var client = platform.Client();
        var answers = new List<HttpStatusCode>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, cancel) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/identity/me");
            // Its own window: the other tests call from elsewhere.
            request.Headers.Add("X-Forwarded-For", "203.0.113.7");
            using var response = await client.SendAsync(request, cancel);
            lock (answers)
            {
                answers.Add(response.StatusCode);
            }
        });

        answers.ShouldContain(HttpStatusCode.Unauthorized);
        answers.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    /// <summary>The document names the URL by which it was asked for.</summary>
    internal static async Task<string?> ServerUrlAsync(TestKit.PlatformApi platform)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.Add("X-Forwarded-For", "203.0.113.5");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "portal.example");
        var document = JsonSerializer.Deserialize<JsonElement>(await (await platform.Client().SendAsync(request)).Content.ReadAsStringAsync());
        return document.GetProperty("servers")[0].GetProperty("url").GetString();
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(",", response.Headers.GetValues(name));
}

/// <summary>Without known proxies.</summary>
public sealed class UnknownProxyTests(TestKit.PlatformApi platform) : IClassFixture<TestKit.PlatformApi>
{
    [Fact]
    public async Task Does_not_believe_forwarded_headers_of_a_stranger() =>
        (await HttpTests.ServerUrlAsync(platform)).ShouldBe(platform.BaseUrl.ToString());
}
