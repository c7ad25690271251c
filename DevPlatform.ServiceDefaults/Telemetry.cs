using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DevPlatform.ServiceDefaults;

/// <summary>Traces, metrics and logs: by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where, metrics also at <c>/metrics</c>.</summary>
internal static class Telemetry
{
    /// <summary>Every module names its ActivitySource and Meter <c>DevPlatform.&lt;Module&gt;</c>.</summary>
    private const string PlatformSources = "DevPlatform.*";

    public static IHostApplicationBuilder AddPlatformTelemetry(this IHostApplicationBuilder builder)
    {
        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over the name given here.
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(PlatformSources, "Wolverine*", "Npgsql")
                .AddPrometheusExporter());
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 })
        {
            // Nobody would see the spans, and making them costs every request.
            return builder;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        telemetry
            .WithTracing(tracing => tracing
                .AddSource(PlatformSources, "Wolverine")
                .AddAspNetCoreInstrumentation(options => options.Filter = IsOfInterest)
                .AddHttpClientInstrumentation()
                .AddNpgsql())
            .UseOtlpExporter();
        return builder;
    }

    /// <summary>Probes and scrapes come every few seconds and say nothing.</summary>
    private static bool IsOfInterest(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health")
        && !context.Request.Path.StartsWithSegments("/.backstage/health")
        && !context.Request.Path.StartsWithSegments("/metrics");
}
