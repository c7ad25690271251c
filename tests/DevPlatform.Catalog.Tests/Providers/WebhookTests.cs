using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Providers;

[Collection(ExtendedCollection.Name)]
public sealed class WebhookTests(ExtendedPlatform platform)
{
    [Fact]
    public async Task A_push_to_the_Git_server_shows_at_once()
    {
        await Eventually.GetAsync(() => platform.EntityAsync("component", "discovered-root"), "discovery", 60);
        platform.Git.Push("acme", "discovered", ("hooked/catalog-info.yaml", Yaml.Component("hooked", "team-discovered")));
        await Eventually.GetAsync(() => platform.EntityAsync("component", "hooked"), "the push");
    }

    [Theory]
    [InlineData("X-Hub-Signature-256", "sha256=")]
    [InlineData("X-Gitea-Signature", "")]
    public async Task A_body_is_worked_on_once_whoever_sends_it_again(string header, string prefix)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Push());
        var signature = prefix + Sign(body, CatalogPlatform.WebhookSecret);
        (await PostAsync("git", "push", body, header, signature)).ShouldBe(HttpStatusCode.Accepted);
        (await PostAsync("git", "push", body, header, signature)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("X-Hub-Signature-256", "sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("X-Hub-Signature-256", "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("X-Hub-Signature-256", "sha256=")]
    [InlineData("X-Hub-Signature-256", "sha256=zz")]
    [InlineData("X-Gitea-Signature", "00")]
    [InlineData("X-Nothing", "")]
    public async Task A_body_that_is_not_signed_is_refused(string header, string signature) =>
        (await PostAsync("github", "push", JsonSerializer.SerializeToUtf8Bytes(Push()), header, signature)).ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_signature_with_another_secret_or_of_another_body_is_refused()
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Push());
        (await PostAsync("github", "push", body, "X-Hub-Signature-256", "sha256=" + Sign(body, "another secret, also long"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync("github", "push", [.. body, (byte)' '], "X-Hub-Signature-256", "sha256=" + Sign(body, CatalogPlatform.WebhookSecret))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("ping", "{\"zen\":\"x\"}", HttpStatusCode.OK)]
    [InlineData("push", "{}", HttpStatusCode.BadRequest)]
    [InlineData("push", "not json", HttpStatusCode.BadRequest)]
    [InlineData("push", "{\"repository\":[]}", HttpStatusCode.BadRequest)]
    [InlineData("repository", "{\"action\":1,\"repository\":{\"owner\":{\"login\":\"x\"}}}", HttpStatusCode.BadRequest)]
    public async Task What_is_no_event_of_ours_is_said_to_be_so(string name, string body, HttpStatusCode status)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        (await PostAsync("github", name, bytes, "X-Hub-Signature-256", "sha256=" + Sign(bytes, CatalogPlatform.WebhookSecret))).ShouldBe(status);
    }

    internal static async Task SendAsync(CatalogPlatform platform, string source, string name, object payload)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(payload);
        using var client = platform.Client();
        using var response = await client.SendAsync(Request(source, name, body, "X-Hub-Signature-256", "sha256=" + Sign(body, CatalogPlatform.WebhookSecret)));
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    private static object Push() => new
    {
        @ref = "refs/heads/main",
        after = new string('a', 40),
        repository = new { clone_url = $"http://git/x/{Guid.NewGuid()}.git", owner = new { login = "x" } },
    };

    private static string Sign(byte[] body, string secret) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static HttpRequestMessage Request(string source, string name, byte[] body, string header, string signature)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/integrations/webhooks/{source}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", name);
        request.Headers.TryAddWithoutValidation(header, signature);
        return request;
    }

    private async Task<HttpStatusCode> PostAsync(string source, string name, byte[] body, string header, string signature)
    {
        using var client = platform.Client();
        using var response = await client.SendAsync(Request(source, name, body, header, signature));
        return response.StatusCode;
    }
}
