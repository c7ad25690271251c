using System.Net.Http.Json;
using System.Text.Json;
using DevPlatform.MockTools.Hosting;
using Microsoft.AspNetCore.Builder;

namespace DevPlatform.TestKit;

/// <summary>
/// An identity provider over real HTTP with the realm in <c>deploy/keycloak</c>. One serves the whole test process; start one of your own
/// with <see cref="StartAsync"/> to break it or to change its accounts and keys.
/// </summary>
public sealed class Keycloak : IAsyncDisposable
{
    private static readonly Lazy<Task<Keycloak>> Shared = new(() => Task.Run(StartAsync));
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private Keycloak(WebApplication app, Uri baseUrl)
    {
        (_app, BaseUrl) = (app, baseUrl);
        _http = new HttpClient { BaseAddress = baseUrl };
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The test process's own.</summary>
    public static Task<Keycloak> GetAsync() => Shared.Value;

    /// <summary>Starts another one.</summary>
    public static async Task<Keycloak> StartAsync()
    {
        var (app, url) = await MockToolHost.StartAsync(
            "keycloak", $"--Realm:Import={Repository.PathOf("deploy", "keycloak", "realm-platform.json")}", "--Logging:LogLevel:Default=Warning");
        return new Keycloak(app, url);
    }

    /// <summary>Signs one of the realm's accounts in (password = name) and returns its access token; other tokens by <paramref name="member"/>.</summary>
    public async Task<string> TokenAsync(string account, string member = "access_token")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "password",
            ["client_id"] = "developer-portal-cli",
            ["username"] = account,
            ["password"] = account,
            ["scope"] = "openid profile email",
        });
        using var response = await _http.PostAsync("realms/platform/protocol/openid-connect/token", form);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode
            ? body.GetProperty(member).GetString()!
            : throw new InvalidOperationException($"Account '{account}' could not sign in: {body}");
    }

    /// <summary>
    /// Makes a token that nobody could get by signing in: see <c>/__admin/token</c> of the mock (username, claims, alg, key, expiresIn, realm).
    /// </summary>
    public async Task<string> ForgeAsync(object order)
    {
        using var response = await _http.PostAsJsonAsync("__admin/token", order);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }

    /// <summary>Calls one of the mock's <c>/__admin</c> or <c>/__faults</c> endpoints.</summary>
    public async Task AdminAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
