using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DevPlatform.AppHost.Embedded.Dashboard;

/// <summary>The host's page: live state, logs, links and environment of every resource, and buttons to stop and start them.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _web;

    private DashboardServer(WebApplication web, Uri url)
    {
        _web = web;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>Listens on loopback only.</summary>
    public static async Task<DashboardServer> StartAsync(int port, DistributedApplication app, ResourceLogs logs, CancellationToken cancellationToken)
    {
        if (port != 0 && !PortAllocator.IsFree(port))
        {
            throw new DistributedApplicationException(
                $"Port {port} (dashboard) is taken by another program. Free it, or choose another: Ports__dashboard=<port> in the environment, or --Ports:dashboard=<port>.");
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var web = builder.Build();
        web.UseRouting();
        web.Use(SameSiteGuard.CheckAsync);
        Map(web, app, logs);
        await web.StartAsync(cancellationToken);
        return new DashboardServer(web, new Uri($"http://localhost:{new Uri(web.Urls.Single()).Port}"));
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _web.StopAsync(hurry.Token);
        await _web.DisposeAsync();
    }

    private static void Map(WebApplication web, DistributedApplication app, ResourceLogs logs)
    {
        var page = Page();
        web.MapGet("/", context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'";
            return context.Response.WriteAsync(page, context.RequestAborted);
        });
        web.MapGet("/api/resources", () => new { resources = ResourceView.All(app) });
        web.MapGet("/api/resources/events", (CancellationToken gone) => TypedResults.ServerSentEvents(ChangesAsync(app, gone), eventType: "resource"));
        web.MapGet("/api/resources/{name}/logs", (string name, CancellationToken gone) => TypedResults.ServerSentEvents(logs.WatchAsync(name, gone), eventType: "line"));
        web.MapPost("/api/resources/{name}/{command}", async (string name, string command) =>
        {
            var result = await app.ResourceCommands.ExecuteCommandAsync(name, command, CancellationToken.None);
            return result.Success ? Results.NoContent() : Results.BadRequest(new { message = result.Message });
        });
    }

    private static async IAsyncEnumerable<ResourceView> ChangesAsync(DistributedApplication app, [EnumeratorCancellation] CancellationToken gone)
    {
        await foreach (var change in app.ResourceNotifications.WatchAsync(gone))
        {
            yield return ResourceView.Of(change);
        }
    }

    private static string Page()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("dashboard.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
