using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace DevPlatform.ServiceDefaults;

/// <summary>The endpoints that probes and scrapers call; no one signs in for them and they tell nothing but state.</summary>
public static class HealthEndpoints
{
    /// <summary>Tag of the checks that say "restart me" when they fail.</summary>
    public const string Live = "live";

    /// <summary>Tag of the checks that say "send me no requests" when they fail.</summary>
    public const string Ready = "ready";

    /// <summary>
    /// Maps <c>/health/live</c>, <c>/health/ready</c>, Backstage's <c>/.backstage/health/v1/{liveness,readiness}</c> and <c>/metrics</c>
    /// (Prometheus).
    /// </summary>
    public static IEndpointRouteBuilder MapDefaultEndpoints(this IEndpointRouteBuilder routes)
    {
        MapHealth(routes, "/health/live", Live, WriteStateAsync);
        MapHealth(routes, "/health/ready", Ready, WriteStateAsync);
        MapHealth(routes, "/.backstage/health/v1/liveness", Live, WriteBackstageAsync);
        MapHealth(routes, "/.backstage/health/v1/readiness", Ready, WriteBackstageAsync);
        routes.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
        return routes;
    }

    private static void MapHealth(IEndpointRouteBuilder routes, string path, string tag, Func<HttpContext, HealthReport, Task> write) =>
        routes.MapHealthChecks(path, new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag), ResponseWriter = write })
            .AllowAnonymous()
            .DisableHttpMetrics();

    /// <summary><c>{"status":"Healthy","checks":{"postgres":"Healthy"}}</c>: names and states, no messages.</summary>
    private static Task WriteStateAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Status.ToString()),
    });

    private static Task WriteBackstageAsync(HttpContext context, HealthReport report)
    {
        if (report.Status != HealthStatus.Unhealthy)
        {
            return context.Response.WriteAsJsonAsync(new { status = "ok" });
        }

        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;
        var message = stopping ? "Backend is shutting down" : "Backend has not started yet";
        return context.Response.WriteAsJsonAsync(new { message, status = "error" });
    }
}
