using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DevPlatform.TestKit;

namespace DevPlatform.Identity.Tests.SignIn;

/// <summary>A browser with cookies of its own, in which somebody signs in to the portal through Keycloak's form.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http;
    private readonly PlatformApi _platform;

    public Browser(PlatformApi platform)
    {
        _platform = platform;
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = platform.BaseUrl };
    }

    public CookieContainer Cookies { get; } = new();

    public string Origin => _platform.BaseUrl.GetLeftPart(UriPartial.Authority);

    public Task<HttpResponseMessage> GetAsync(string address) => _http.GetAsync(address);

    /// <summary><c>/api/auth/oidc/start</c>, with what the frontend sends in its popup.</summary>
    public Task<HttpResponseMessage> StartAsync(string query = "") => _http.GetAsync($"/api/auth/oidc/start?env=development{query}");

    /// <summary>Signs in at Keycloak; the address it answers at, which the browser has not gone to yet.</summary>
    public async Task<Uri> AuthenticateAsync(string account, string query = "&flow=popup")
    {
        using var start = await StartAsync(query);
        start.StatusCode.ShouldBe(HttpStatusCode.Redirect, await start.Content.ReadAsStringAsync());
        return await AuthenticateAsync(account, start.Headers.Location!);
    }

    /// <summary>As before, at an address of Keycloak.</summary>
    public async Task<Uri> AuthenticateAsync(string account, Uri authorization)
    {
        var response = await _http.GetAsync(authorization);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            var action = WebUtility.HtmlDecode(FormAction().Match(await response.Content.ReadAsStringAsync()).Groups[1].Value);
            response = await _http.PostAsync(
                new Uri(authorization, action), new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = account, ["password"] = account }));
        }

        var target = new Uri(authorization, response.Headers.Location!);
        while (!target.AbsolutePath.EndsWith("/handler/frame", StringComparison.Ordinal))
        {
            response = await _http.GetAsync(target);
            response.StatusCode.ShouldBe(HttpStatusCode.Redirect, await response.Content.ReadAsStringAsync());
            target = new Uri(target, response.Headers.Location!);
        }

        return target;
    }

    /// <summary>The whole way; what the popup tells the page that opened it.</summary>
    public async Task<JsonElement> SignInAsync(string account) => await MessageAsync(await _http.GetAsync(await AuthenticateAsync(account)));

    /// <summary>What a frame page tells.</summary>
    public static async Task<JsonElement> MessageAsync(HttpResponseMessage frame)
    {
        var html = await frame.Content.ReadAsStringAsync();
        frame.StatusCode.ShouldBe(HttpStatusCode.OK, html);
        return JsonSerializer.Deserialize<JsonElement>(Message().Match(html).Groups[1].Value);
    }

    /// <summary>A request of the frontend's script.</summary>
    public async Task<HttpResponseMessage> FetchAsync(HttpMethod method, string path, string? requestedWith = "XMLHttpRequest", string? origin = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (requestedWith is not null)
        {
            request.Headers.Add("X-Requested-With", requestedWith);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await _http.SendAsync(request);
    }

    public Task<HttpResponseMessage> RefreshAsync() => FetchAsync(HttpMethod.Get, "/api/auth/oidc/refresh?optional&env=development");

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<form[^>]*action=\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex FormAction();

    [GeneratedRegex(@"postMessage\((\{""type"":""authorization_response"".*\}), origin\);", RegexOptions.None, 1000)]
    private static partial Regex Message();
}
