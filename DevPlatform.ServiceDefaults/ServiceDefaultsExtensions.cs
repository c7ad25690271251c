using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;

namespace DevPlatform.ServiceDefaults;

/// <summary>What every process of the platform has, whatever it does: telemetry, health, resilient HTTP clients, service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds OpenTelemetry, health checks, service discovery (<c>services__&lt;name&gt;__&lt;endpoint&gt;__0</c>) and, for every
    /// <see cref="HttpClient"/> of the factory, the standard resilience pipeline: 10 s per attempt, 30 s in all, circuit breaker, and retries
    /// of the methods that may be repeated; POST, PUT, PATCH, DELETE and CONNECT are never sent twice.
    /// </summary>
    /// <remarks>A client of long-running streams (watches) removes the pipeline with <c>RemoveAllResilienceHandlers()</c>.</remarks>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [HealthEndpoints.Live])
            .AddCheck<LifetimeHealthCheck>("lifetime", tags: [HealthEndpoints.Ready]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });
        return builder;
    }
}
