namespace DevPlatform.AppHost.Embedded;

/// <summary>What Aspire gives every .NET project: where to listen, how to log, where to send telemetry.</summary>
internal static class ProjectEnvironment
{
    public static void Add(EnvironmentCallbackContext context)
    {
        var variables = context.EnvironmentVariables;
        var urls = context.Resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.UriScheme is "http" or "https")
            .Select(endpoint => endpoint.AllocatedEndpoint!.UriString)
            .ToList();
        if (urls.Count > 0)
        {
            variables["ASPNETCORE_URLS"] = string.Join(';', urls);
        }

        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        AddTelemetry(context.Resource.Name, variables, Environment.GetEnvironmentVariable);
    }

    /// <summary>There is no collector in this host; telemetry goes where the developer's own environment says one is.</summary>
    internal static void AddTelemetry(string name, Dictionary<string, object> variables, Func<string, string?> environment)
    {
        if (environment("OTEL_EXPORTER_OTLP_ENDPOINT") is not { Length: > 0 } endpoint)
        {
            return;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = environment("OTEL_EXPORTER_OTLP_PROTOCOL") ?? "grpc";
        if (environment("OTEL_EXPORTER_OTLP_HEADERS") is { Length: > 0 } headers)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = headers;
        }

        variables["OTEL_SERVICE_NAME"] = name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Guid.NewGuid().ToString("N")[..8]}";
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
    }
}
