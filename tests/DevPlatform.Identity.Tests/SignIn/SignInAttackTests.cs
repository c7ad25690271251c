using System.Net;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.WebUtilities;

namespace DevPlatform.Identity.Tests.SignIn;

[Collection(PlatformCollection.Name)]
public sealed class SignInAttackTests(PlatformApi platform) : IDisposable
{
    private readonly Browser _victim = new(platform);
    private readonly Browser _attacker = new(platform);

    public void Dispose()
    {
        _victim.Dispose();
        _attacker.Dispose();
    }

    [Fact]
    public async Task An_answer_to_another_browser_is_refused()
    {
        var answer = await _attacker.AuthenticateAsync("developer");

        // The victim is led to the attacker's answer, and would be signed in as the attacker.
        await ShouldBeRefusedAsync(await _victim.GetAsync(answer.ToString()), "NotAllowedError");
        (await (await _victim.RefreshAsync()).JsonAsync()).TryGetProperty("error", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_code_of_another_browser_is_refused_in_ones_own_sign_in()
    {
        var stolen = QueryHelpers.ParseQuery((await _victim.AuthenticateAsync("developer")).Query)["code"];
        var own = await _attacker.AuthenticateAsync("team-lead");
        var state = QueryHelpers.ParseQuery(own.Query)["state"];

        // PKCE: the verifier is not the code's.
        await ShouldBeRefusedAsync(await _attacker.GetAsync($"/api/auth/oidc/handler/frame?state={state}&code={stolen}"), "AuthenticationError");
    }

    [Theory]
    [InlineData("")]
    [InlineData("&state=")]
    [InlineData("&state=guessed-guessed-guessed-guessed-guessed-gue")]
    public async Task A_wrong_state_is_refused(string state)
    {
        var answer = await _victim.AuthenticateAsync("developer");

        await ShouldBeRefusedAsync(
            await _victim.GetAsync($"/api/auth/oidc/handler/frame?code={QueryHelpers.ParseQuery(answer.Query)["code"]}{state}"), "NotAllowedError");
    }

    [Fact]
    public async Task An_answer_works_once()
    {
        var answer = await _victim.AuthenticateAsync("developer");
        (await Browser.MessageAsync(await _victim.GetAsync(answer.ToString()))).TryGetProperty("response", out _).ShouldBeTrue();

        await ShouldBeRefusedAsync(await _victim.GetAsync(answer.ToString()), "NotAllowedError");
    }

    [Fact]
    public async Task A_replayed_code_is_refused_even_with_the_browsers_cookie()
    {
        var answer = await _victim.AuthenticateAsync("developer");
        var cookies = _victim.Cookies.GetCookieHeader(answer);
        await _victim.GetAsync(answer.ToString());

        using var request = new HttpRequestMessage(HttpMethod.Get, answer);
        request.Headers.Add("Cookie", cookies);
        await ShouldBeRefusedAsync(await platform.Client().SendAsync(request), "AuthenticationError");
    }

    [Fact]
    public async Task An_answer_that_names_another_issuer_is_refused()
    {
        var answer = await _victim.AuthenticateAsync("developer");
        var query = QueryHelpers.ParseQuery(answer.Query);

        await ShouldBeRefusedAsync(
            await _victim.GetAsync($"/api/auth/oidc/handler/frame?state={query["state"]}&code={query["code"]}&iss=https%3A%2F%2Fevil.example%2Frealms%2Fplatform"),
            "NotAllowedError");
    }

    [Fact]
    public async Task An_answer_to_another_nonce_is_refused()
    {
        var authorization = (await _victim.StartAsync()).Headers.Location!;
        var query = QueryHelpers.ParseQuery(authorization.Query).ToDictionary(q => q.Key, q => (string?)q.Value.ToString());
        query["nonce"] = "another";

        var answer = await _victim.AuthenticateAsync("developer", new Uri(QueryHelpers.AddQueryString(authorization.GetLeftPart(UriPartial.Path), query)));

        await ShouldBeRefusedAsync(await _victim.GetAsync(answer.ToString()), "AuthenticationError");
    }

    [Theory]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("javascript:alert(1)", HttpStatusCode.BadRequest)]
    public async Task A_page_of_another_origin_cannot_ask(string origin, HttpStatusCode expected)
    {
        var body = await (await _victim.StartAsync($"&origin={Uri.EscapeDataString(origin)}")).JsonAsync(expected);

        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(origin);
    }

    [Theory]
    [InlineData("https://evil.example/", HttpStatusCode.Forbidden)]
    [InlineData("//evil.example/", HttpStatusCode.BadRequest)]
    [InlineData("/catalog", HttpStatusCode.BadRequest)]
    [InlineData("https:\\\\evil.example", HttpStatusCode.BadRequest)]
    [InlineData("javascript:alert(1)", HttpStatusCode.BadRequest)]
    [InlineData("{origin}@evil.example/", HttpStatusCode.BadRequest)]
    [InlineData("{origin}.evil.example/", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task Nobody_is_sent_to_another_site(string target, HttpStatusCode expected)
    {
        var response = await _victim.StartAsync($"&flow=redirect&redirectUrl={Uri.EscapeDataString(target.Replace("{origin}", _victim.Origin, StringComparison.Ordinal))}");

        await response.JsonAsync(expected);
        response.Headers.Location.ShouldBeNull();
    }

    [Theory]
    [InlineData("/api/auth/oidc/start", "No env provided in request query parameters")]
    [InlineData("/api/auth/oidc/start?env=development&flow=iframe", "popup, redirect")]
    [InlineData("/api/auth/oidc/start?env=development&scope=a%22b", "scope")]
    public async Task Says_what_is_wrong_with_a_request(string path, string reason)
    {
        var body = await (await _victim.GetAsync(path)).JsonAsync(HttpStatusCode.BadRequest);

        body.GetProperty("error").GetProperty("name").GetString().ShouldBe("InputError");
        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(reason);
    }

    [Theory]
    [InlineData("refresh", "GET")]
    [InlineData("refresh", "POST")]
    [InlineData("logout", "GET")]
    [InlineData("logout", "POST")]
    public async Task Another_sites_form_or_script_does_nothing(string action, string method)
    {
        await _victim.SignInAsync("developer");
        var path = $"/api/auth/oidc/{action}?env=development";

        foreach (var header in new[] { null, "fetch" })
        {
            var refused = await (await _victim.FetchAsync(new HttpMethod(method), path, header)).JsonAsync(HttpStatusCode.Unauthorized);
            refused.GetProperty("error").GetProperty("message").GetString().ShouldBe("Invalid X-Requested-With header");
        }

        await (await _victim.FetchAsync(new HttpMethod(method), path, origin: "https://evil.example")).JsonAsync(HttpStatusCode.Forbidden);
        (await (await _victim.RefreshAsync()).JsonAsync()).TryGetProperty("backstageIdentity", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("chunks-2")]
    public async Task A_forged_cookie_is_no_session(string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/oidc/refresh?optional&env=development");
        request.Headers.Add("Cookie", $"oidc-refresh-token={value}");
        request.Headers.Add("X-Requested-With", "XMLHttpRequest");

        await (await platform.Client().SendAsync(request)).JsonAsync(HttpStatusCode.Unauthorized);
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage frame, string name)
    {
        var message = await Browser.MessageAsync(frame);
        message.TryGetProperty("response", out _).ShouldBeFalse();
        message.GetProperty("error").GetProperty("name").GetString().ShouldBe(name);
        var cookies = frame.Headers.TryGetValues("Set-Cookie", out var set) ? set : [];
        cookies.ShouldNotContain(c => c.StartsWith("oidc-refresh-token", StringComparison.Ordinal));
    }
}
