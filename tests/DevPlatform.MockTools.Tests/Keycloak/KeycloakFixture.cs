using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.MockTools.Tests.Keycloak;

/// <summary>The identity provider with the platform's own realm, and a portal that hears of logouts.</summary>
public sealed class KeycloakFixture : IAsyncLifetime
{
    private readonly Channel<string> _logoutTokens = Channel.CreateUnbounded<string>();
    private WebApplication? _app;
    private WebApplication? _portal;

    public Uri BaseUrl { get; private set; } = null!;

    public string Issuer => $"{BaseUrl.GetLeftPart(UriPartial.Authority)}/realms/platform";

    public string Endpoint(string path) => $"{Issuer}/protocol/openid-connect/{path}";

    public HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _portal = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0"] }).Build();
        _portal.MapPost("/api/auth/oidc/backchannel-logout",
            async (HttpRequest request) => _logoutTokens.Writer.TryWrite((await request.ReadFormAsync())["logout_token"]!));
        await _portal.StartAsync();
        (_app, BaseUrl) = await MockToolHost.StartAsync(
            "keycloak", $"--Realm:Import={RepositoryFiles.Path("deploy/keycloak/realm-platform.json")}", $"--PORTAL_URL={_portal.Urls.First()}");
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = BaseUrl };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        await _portal!.DisposeAsync();
    }

    /// <summary>Waits for a back-channel logout of this session; those of other tests are passed over.</summary>
    public async Task<string> LogoutTokenAsync(string session)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var token = await _logoutTokens.Reader.ReadAsync(deadline.Token);
            if (new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token).GetPayloadValue<string>("sid") == session)
            {
                return token;
            }
        }
    }

    public async Task<(int Status, JsonElement Body)> PostAsync(string url, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var response = await Http.PostAsync(url, content);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    public Task<(int Status, JsonElement Body)> TokenAsync(params (string Name, string Value)[] form) => PostAsync(Endpoint("token"), form);

    /// <summary>Signs in with the password grant of the command line client.</summary>
    public async Task<JsonElement> SignInAsync(string user, string scope = "openid")
    {
        var (status, body) = await TokenAsync(("grant_type", "password"), ("client_id", "developer-portal-cli"), ("username", user),
            ("password", user), ("scope", scope));
        status.ShouldBe(200, body.ToString());
        return body;
    }

    public async Task<JsonElement> ForgeAsync(object order)
    {
        using var response = await Http.PostAsJsonAsync("/__admin/token", order);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}

[CollectionDefinition("keycloak")]
public sealed class KeycloakCollection : ICollectionFixture<KeycloakFixture>;
