using System.Net;
using System.Text;
using System.Text.Json;

namespace DevPlatform.Api.Tests.Errors;

[Collection(ApiCollection.Name)]
public sealed class ErrorBodyTests(ApiFixture platform)
{
    [Fact]
    public async Task Has_the_members_of_Backstage_and_of_problem_details()
    {
        var response = await platform.Client("developer").GetAsync("/api/nothing/here?x=1");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var body = await BodyAsync(response, HttpStatusCode.NotFound);
        body.GetProperty("type").GetString().ShouldBe("about:blank");
        body.GetProperty("title").GetString().ShouldBe("Not Found");
        body.GetProperty("status").GetInt32().ShouldBe(404);
        body.GetProperty("detail").GetString().ShouldBe("Nothing is at /api/nothing/here");
        body.GetProperty("instance").GetString().ShouldBe("/api/nothing/here");
        body.GetProperty("traceId").GetString()!.Length.ShouldBe(32);
        body.GetProperty("error").GetRawText().ShouldBe("""{"name":"NotFoundError","message":"Nothing is at /api/nothing/here"}""");
        body.GetProperty("request").GetRawText().ShouldBe("""{"method":"GET","url":"/here?x=1"}""");
        body.GetProperty("response").GetRawText().ShouldBe("""{"statusCode":404}""");
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api/nothing")]
    [InlineData("/api/permission/nothing")]
    public async Task Covers_unknown_paths(string path) =>
        (await BodyAsync(await platform.Client().GetAsync(path), HttpStatusCode.NotFound)).GetProperty("error").GetProperty("name").GetString().ShouldBe("NotFoundError");

    [Fact]
    public async Task Names_the_allowed_methods()
    {
        var response = await platform.Client("developer").DeleteAsync("/api/permission/authorize");

        var body = await BodyAsync(response, HttpStatusCode.MethodNotAllowed);
        body.GetProperty("detail").GetString().ShouldBe("DELETE is not allowed at /api/permission/authorize; allowed: POST");
    }

    [Fact]
    public async Task Names_the_allowed_content_type()
    {
        var body = await PostAsync("<items/>", HttpStatusCode.UnsupportedMediaType, "application/xml");

        body.GetProperty("detail").GetString()!.ShouldContain("application/xml");
        body.GetProperty("detail").GetString()!.ShouldContain("allowed: application/json");
    }

    [Theory]
    [InlineData("{\"items\": [}", "line 1")]
    [InlineData("", "Expected object")]
    [InlineData("{\"items\":[],\"items\":[]}", "items")]
    public async Task Says_where_JSON_is_broken(string json, string expected)
    {
        var body = await PostAsync(json, HttpStatusCode.BadRequest);

        body.GetProperty("error").GetProperty("name").GetString().ShouldBe("InputError");
        body.GetProperty("detail").GetString()!.ShouldContain(expected);
        body.GetProperty("detail").GetString()!.ShouldNotContain("System.");
    }

    [Fact]
    public async Task Refuses_JSON_that_is_nested_too_deep() => await PostAsync(new string('[', 70) + new string(']', 70), HttpStatusCode.BadRequest);

    [Fact]
    public async Task Refuses_a_body_that_is_too_large()
    {
        var body = await PostAsync($"\"{new string('x', 200_000)}\"", HttpStatusCode.RequestEntityTooLarge);

        body.GetProperty("error").GetProperty("name").GetString().ShouldBe("PayloadTooLargeError");
    }

    [Fact]
    public async Task Tells_nothing_of_a_defect_but_the_trace_id()
    {
        platform.Break = () => throw new InvalidOperationException("the secret is canary-1f3d");

        var response = await platform.BreakAsync();

        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        text.ShouldNotContain("canary");
        text.ShouldNotContain("   at ");
        var body = JsonSerializer.Deserialize<JsonElement>(text);
        body.GetProperty("error").GetProperty("name").GetString().ShouldBe("InternalServerError");
        body.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task An_unreachable_database_is_503()
    {
        platform.Break = () => throw new Npgsql.NpgsqlException("down", new System.Net.Sockets.SocketException(111));

        (await BodyAsync(await platform.BreakAsync(), HttpStatusCode.ServiceUnavailable)).GetProperty("error").GetProperty("name").GetString()
            .ShouldBe("ServiceUnavailableError");
    }

    [Fact]
    public async Task Asks_for_credentials()
    {
        var response = await platform.Client().GetAsync("/api/identity/me");

        (await BodyAsync(response, HttpStatusCode.Unauthorized)).GetProperty("error").GetRawText()
            .ShouldBe("""{"name":"AuthenticationError","message":"Missing credentials"}""");
        response.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Bearer");
    }

    [Fact]
    public async Task Says_why_something_is_not_allowed() =>
        (await BodyAsync(await platform.Client("ceiling-denied").GetAsync("/api/identity/audit"), HttpStatusCode.Forbidden)).GetProperty("error").GetRawText()
            .ShouldContain("Azure AD group");

    private async Task<JsonElement> PostAsync(string body, HttpStatusCode expected, string contentType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        return await BodyAsync(await platform.Client("developer").PostAsync("/api/permission/authorize", content), expected);
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
