using Microsoft.Extensions.FileProviders;

namespace DevPlatform.PeerBenchmarks.Systems;

/// <summary>Where both systems read the catalog's files from: HTTP on loopback, with entity tags.</summary>
internal sealed class CatalogFileServer(WebApplication app, Uri baseUrl) : IAsyncDisposable
{
    public Uri BaseUrl => baseUrl;

    public IReadOnlyList<Uri> UrlsOf(IEnumerable<string> names) => [.. names.Select(name => new Uri(baseUrl, name))];

    public static async Task<CatalogFileServer> StartAsync(string directory)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var url = FreePorts.Url();
        builder.WebHost.UseUrls(url.ToString());
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(directory), ServeUnknownFileTypes = true, DefaultContentType = "text/yaml" });
        await app.StartAsync();
        return new CatalogFileServer(app, url);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
