using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Catalog.Tests.Support;

/// <summary>Serves files over HTTP that tests write and change.</summary>
public sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _files = new(StringComparer.Ordinal);
    private int _reads;

    private FileServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Configuration["Logging:LogLevel:Default"] = "Warning";
        _app = builder.Build();
        _app.MapGet("/redirect", (string to) => Results.Redirect(to));
        // A byte now and then, for as long as someone listens.
        _app.MapGet("/drip", async (HttpContext context) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("#");
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(100, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
        _app.MapPost("/hooks/{source}", RelayAsync);
        _app.MapGet("/{**path}", (string path) =>
        {
            Interlocked.Increment(ref _reads);
            return _files.TryGetValue(path, out var text) ? Results.Text(text, "text/yaml") : Results.NotFound();
        });
    }

    public Uri BaseUrl { get; private set; } = null!;

    public int Reads => _reads;

    /// <summary>Where <c>/hooks/{source}</c> passes webhooks on to: their receiver starts after their sender, which must know an address.</summary>
    public Uri? WebhookReceiver { get; set; }

    public static async Task<FileServer> StartAsync()
    {
        var server = new FileServer();
        await server._app.StartAsync();
        server.BaseUrl = new Uri(server._app.Urls.First());
        return server;
    }

    public string Put(string path, string text)
    {
        _files[path] = text;
        return Url(path);
    }

    public void Remove(string path) => _files.TryRemove(path, out _);

    public string Url(string path) => new Uri(BaseUrl, path).AbsoluteUri;

    private async Task<IResult> RelayAsync(HttpContext context, string source)
    {
        if (WebhookReceiver is null)
        {
            return Results.NotFound();
        }

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(WebhookReceiver, $"/api/integrations/webhooks/{source}")) { Content = new StreamContent(context.Request.Body) };
        foreach (var (name, value) in context.Request.Headers.Where(h => h.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.Add(name, value.ToString());
        }

        using var response = await http.SendAsync(request);
        return Results.StatusCode((int)response.StatusCode);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
