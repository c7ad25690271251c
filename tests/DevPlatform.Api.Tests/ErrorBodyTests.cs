using System.Net;
using System.Text;
using System.Text.Json;
using DevPlatform.TestKit;

namespace DevPlatform.Api.Tests;

/// <summary>One error body for every /api path, readable by Backstage's clients and by ProblemDetails clients alike.</summary>
public sealed class ErrorBodyTests(PlatformApi platform) : IClassFixture<PlatformApi>
{
    [Fact]
    public async Task An_unknown_route_is_a_NotFoundError()
    {
        var error = await ErrorAsync(await platform.Client("developer").GetAsync("/api/no/such/route"), HttpStatusCode.NotFound);

        error.GetProperty("error").GetProperty("name").GetString().ShouldBe("NotFoundError");
        error.GetProperty("request").GetProperty("method").GetString().ShouldBe("GET");
        error.GetProperty("response").GetProperty("statusCode").GetInt32().ShouldBe(404);
        error.GetProperty("status").GetInt32().ShouldBe(404);
        error.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task No_token_is_an_AuthenticationError_with_a_challenge()
    {
        var answer = await platform.Client().GetAsync("/api/identity/me");

        var error = await ErrorAsync(answer, HttpStatusCode.Unauthorized);
        error.GetProperty("error").GetProperty("name").GetString().ShouldBe("AuthenticationError");
        answer.Headers.WwwAuthenticate.ShouldContain(c => c.Scheme == "Bearer");
    }

    [Theory]
    [InlineData("{ not json", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_that_cannot_be_read_is_refused(string body, string contentType, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);

        var error = await ErrorAsync(await platform.Client("developer").PostAsync("/api/permission/authorize", content), expected);

        error.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        error.ToString().ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/.backstage/health/v1/liveness")]
    [InlineData("/.backstage/health/v1/readiness")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/metrics")]
    public async Task What_operators_need_answers_without_a_token(string path) =>
        (await platform.Client().GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task Every_answer_has_the_security_headers()
    {
        var answer = await platform.Client().GetAsync("/api/identity/me");

        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.Contains("Content-Security-Policy").ShouldBeTrue();
    }

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        answer.StatusCode.ShouldBe(expected);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }
}
