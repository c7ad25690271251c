using System.Net.Http.Json;
using DevPlatform.Access.Vault;
using DevPlatform.MockTools.Hosting;
using DevPlatform.Shared.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DevPlatform.Access.Tests.Vault;

/// <summary>With the Kubernetes login; the token login is what every other test uses.</summary>
public sealed class VaultClientTests : IAsyncLifetime
{
    private readonly string _jwtFile = Path.GetTempFileName();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private WebApplication _vault = null!;
    private ServiceProvider _services = null!;
    private HttpClient _root = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_jwtFile, "portals-jwt\n");
        (_vault, var url) = await MockToolHost.StartAsync(
            "vault", "--Vault:RootToken=root", "--Vault:KubernetesTokens:developer-portal=portals-jwt", "--Logging:LogLevel:Default=Warning");
        _root = new HttpClient { BaseAddress = url };
        _root.DefaultRequestHeaders.Add("X-Vault-Token", "root");
        _services = ServicesFor(url.ToString());
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _services.DisposeAsync();
        await _vault.StopAsync();
        await _vault.DisposeAsync();
        File.Delete(_jwtFile);
    }

    [Fact]
    public async Task Logs_in_once_with_the_service_account()
    {
        var tokens = _services.GetRequiredService<VaultToken>();

        var first = await tokens.GetAsync(CancellationToken.None);

        (await LookupAsync(first)).IsSuccessStatusCode.ShouldBeTrue();
        (await tokens.GetAsync(CancellationToken.None)).ShouldBe(first);
    }

    [Fact]
    public async Task Logs_in_again_when_its_time_is_over()
    {
        var tokens = _services.GetRequiredService<VaultToken>();
        var first = await tokens.GetAsync(CancellationToken.None);

        _time.Advance(TimeSpan.FromDays(400));

        (await tokens.GetAsync(CancellationToken.None)).ShouldNotBe(first);
    }

    [Fact]
    public async Task Logs_in_again_when_Vault_has_forgotten_the_token()
    {
        var tokens = _services.GetRequiredService<VaultToken>();
        var first = await tokens.GetAsync(CancellationToken.None);
        (await _root.PostAsJsonAsync("v1/auth/token/revoke", new { token = first })).EnsureSuccessStatusCode();

        // It has no policy for this path and says so, but with a token that is known.
        await Should.ThrowAsync<VaultException>(() => _services.GetRequiredService<VaultClient>().ReadSecretAsync("nothing", CancellationToken.None));

        var second = await tokens.GetAsync(CancellationToken.None);
        second.ShouldNotBe(first);
        (await LookupAsync(second)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Says_what_Vault_said_and_no_more()
    {
        await File.WriteAllTextAsync(_jwtFile, "somebody-elses-jwt");

        var refusal = await Should.ThrowAsync<VaultException>(() => _services.GetRequiredService<VaultToken>().GetAsync(CancellationToken.None));

        refusal.Message.ShouldStartWith("Vault answered 403");
        refusal.Message.ShouldNotContain("somebody-elses-jwt");
    }

    [Fact]
    public async Task Reads_secrets_and_knows_when_there_is_none()
    {
        (await _root.PostAsJsonAsync("v1/secret/data/team/app", new { data = new { color = "blue" } })).EnsureSuccessStatusCode();
        await using var services = ServicesFor(_root.BaseAddress!.ToString(), "token");
        var vault = services.GetRequiredService<VaultClient>();

        (await vault.ReadSecretAsync("team/app", CancellationToken.None))!["color"].GetString().ShouldBe("blue");
        (await vault.ReadSecretAsync("team/none", CancellationToken.None)).ShouldBeNull();
        await vault.RevokeLeaseAsync("database/creds/x/unknown", CancellationToken.None);
    }

    [Fact]
    public async Task Does_not_wait_for_a_server_that_is_not_there()
    {
        await using var services = ServicesFor("http://127.0.0.1:9", "token");

        await Should.ThrowAsync<HttpRequestException>(() => services.GetRequiredService<VaultClient>().ReadSecretAsync("x", CancellationToken.None));
    }

    private ServiceProvider ServicesFor(string address, string auth = "kubernetes")
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Vault:Address"] = address,
            ["Vault:Auth"] = auth,
            ["Vault:Token"] = "root",
            ["Vault:Role"] = "developer-portal",
            ["Vault:JwtFile"] = _jwtFile,
        }).Build());
        services.AddModuleOptions<VaultOptions>(VaultOptions.Section);
        services.AddLogging().AddHttpClient().AddSingleton<TimeProvider>(_time);
        services.AddSingleton<VaultTransport>().AddSingleton<VaultToken>().AddSingleton<VaultClient>();
        return services.BuildServiceProvider();
    }

    private async Task<HttpResponseMessage> LookupAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/auth/token/lookup-self");
        request.Headers.Add("X-Vault-Token", token);
        using var client = new HttpClient { BaseAddress = _root.BaseAddress };
        return await client.SendAsync(request);
    }
}
