using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace DevPlatform.MockTools.Tests.Git;

/// <summary>A seeded Git server and what it told its webhook.</summary>
public sealed class GitServerFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _files = new();
    private WebApplication? _app;
    private WebhookReceiver? _receiver;

    public Uri BaseUrl { get; private set; } = null!;

    internal WebhookReceiver Receiver => _receiver!;

    public HttpClient Http { get; private set; } = null!;

    public string As(string userInfo, string path) => new UriBuilder(new Uri(BaseUrl, path)) { UserName = userInfo, Password = userInfo }.Uri.AbsoluteUri;

    public async Task InitializeAsync()
    {
        _files.Write("seed/orders/orders-api/README.md", "Clone __GIT_BASE_URL__/orders/orders-api.git\n");
        _files.Write("seed/orders/orders-api/docs/index.md", "# Orders\n");
        _files.Write("seed/platform/gitops/claims/.gitkeep", "");
        _receiver = await WebhookReceiver.StartAsync();
        (_app, BaseUrl) = await MockToolHost.StartAsync(
            "git",
            $"--Git:Root={_files["repositories"]}",
            $"--Git:Seed={_files["seed"]}",
            "--Git:Users:portal=portal",
            "--Git:Users:ana=ana",
            $"--Git:Webhooks:0={_receiver.Url}",
            "--Git:WebhookSecret=It's a Secret to Everybody");
        Http = new HttpClient { BaseAddress = BaseUrl };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        await _receiver!.DisposeAsync();
        _files.Dispose();
    }
}
