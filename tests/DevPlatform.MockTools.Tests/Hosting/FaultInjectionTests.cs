using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using DevPlatform.MockTools.Hosting;
using Microsoft.AspNetCore.Builder;

namespace DevPlatform.MockTools.Tests.Hosting;

public sealed class FaultInjectionTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        (_app, _http.BaseAddress) = await MockToolHost.StartToolAsync(new EchoTool(), "echo", [], TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Answers_with_the_status_body_and_retry_after_of_the_rule()
    {
        await PutAsync(new FaultRule("/echo", Status: 429, Body: """{"message":"slow down"}""", RetryAfter: "7"));

        using var response = await _http.GetAsync("/echo/a");

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"message":"slow down"}""");
        (await _http.GetStringAsync("/health")).ShouldContain("echo");
    }

    [Fact]
    public async Task Drops_the_connection_as_often_as_told_and_then_works_again()
    {
        await PutAsync(new FaultRule("/echo", Drop: true, Times: 2));

        await Should.ThrowAsync<HttpRequestException>(() => _http.PostAsJsonAsync("/echo/a", new { }));
        await Should.ThrowAsync<HttpRequestException>(() => _http.PostAsJsonAsync("/echo/a", new { }));

        (await _http.GetStringAsync("/echo/a")).ShouldBe("a");
    }

    [Fact]
    public async Task Latency_alone_only_slows_the_answer_down()
    {
        await PutAsync(new FaultRule("/echo", LatencyMs: 80));
        var clock = Stopwatch.StartNew();

        (await _http.GetStringAsync("/echo/a")).ShouldBe("a");

        clock.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(75);
    }

    [Fact]
    public async Task The_longest_path_wins_and_the_method_counts()
    {
        await PutAsync(new FaultRule("/", Status: 503));
        await PutAsync(new FaultRule("/echo/b", Status: 500, Method: "GET"));

        (await _http.GetAsync("/echo/a")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await _http.GetAsync("/echo/b")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await _http.PostAsync("/echo/b", null)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Grpc_requests_get_a_trailers_only_answer()
    {
        await PutAsync(new FaultRule("/echo", GrpcStatus: 14));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo/a") { Content = new ByteArrayContent([]) };
        request.Content.Headers.ContentType = new("application/grpc");

        using var response = await _http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("grpc-status").ShouldBe(["14"]);
    }

    [Fact]
    public async Task Delete_clears_the_rules()
    {
        await PutAsync(new FaultRule("/echo", Status: 503));
        (await _http.GetFromJsonAsync<FaultRule[]>("/__faults"))!.ShouldHaveSingleItem().Path.ShouldBe("/echo");

        (await _http.DeleteAsync("/__faults")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await _http.GetStringAsync("/echo/a")).ShouldBe("a");
    }

    [Theory]
    [InlineData("""{"path":"echo","status":503}""", "path: 'echo'")]
    [InlineData("""{"path":"/echo","status":200}""", "status: 200; allowed: 400 to 599")]
    [InlineData("""{"path":"/echo"}""", "does nothing")]
    public async Task Refuses_a_rule_that_cannot_work(string rule, string message)
    {
        using var response = await _http.PutAsync("/__faults", new StringContent(rule, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).Replace("\\u0027", "'").ShouldContain(message);
    }

    private async Task PutAsync(FaultRule rule) =>
        (await _http.PutAsJsonAsync("/__faults", rule)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    private sealed class EchoTool : IMockTool
    {
        public void Configure(WebApplicationBuilder builder)
        {
        }

        public void Map(WebApplication app)
        {
            app.MapGet("/echo/{text}", (string text) => text);
            app.MapPost("/echo/{text}", (string text) => text);
        }
    }
}
