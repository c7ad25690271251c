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
        _app.MapGet("/{**path}", (string path) =>
        {
            Interlocked.Increment(ref _reads);
            return _files.TryGetValue(path, out var text) ? Results.Text(text, "text/yaml") : Results.NotFound();
        });
    }

    public Uri BaseUrl { get; private set; } = null!;

    public int Reads => _reads;

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

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
