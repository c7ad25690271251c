using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Adapters;

/// <summary>An adapter as the health page and the tool library see it.</summary>
/// <param name="Id">The tool's id in the tool library, URLs and configuration: <c>argocd</c>.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Credential">With whose authority it is called.</param>
/// <param name="BaseUrl">Its base URL, or null while it is not configured.</param>
/// <param name="HealthPath">Path that answers 2xx while the tool works, without credentials.</param>
public sealed record Adapter(string Id, string Name, AdapterCredential Credential, Func<Uri?> BaseUrl, string HealthPath);

/// <summary>The one shape of all adapters: typed options, a typed client with the same resilience, a health probe.</summary>
public static class AdapterExtensions
{
    /// <summary>
    /// Adds a tool's client. <typeparamref name="TOptions"/> binds section <paramref name="section"/>; calls get a time limit, a retry with
    /// jitter on idempotent methods, a circuit breaker and a concurrency limit.
    /// </summary>
    public static IHostApplicationBuilder AddAdapter<TClient, TOptions>(
        this IHostApplicationBuilder builder, string id, string name, string section, AdapterCredential credential, string healthPath)
        where TClient : class
        where TOptions : AdapterOptions
    {
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.PostConfigure<TOptions>(options => options.Url ??= Discovered(builder.Configuration, id));

        var client = builder.Services.AddHttpClient<TClient>((services, http) =>
        {
            http.BaseAddress = services.GetRequiredService<IOptions<TOptions>>().Value.Url;
            // The resilience handler sets the limits; this one would cut its retries off.
            http.Timeout = Timeout.InfiniteTimeSpan;
        });
#pragma warning disable EXTEXP0001 // replaces the handler that every client has by default, rather than retrying its retries
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        client.AddStandardResilienceHandler().Configure((options, services) =>
        {
            var timeout = services.GetRequiredService<IOptions<TOptions>>().Value.Timeout;
            options.AttemptTimeout.Timeout = timeout;
            options.TotalRequestTimeout.Timeout = timeout * 3;
            options.CircuitBreaker.SamplingDuration = timeout * 3;
            options.CircuitBreaker.MinimumThroughput = 5;
            options.Retry.MaxRetryAttempts = 2;
            options.Retry.Delay = TimeSpan.FromMilliseconds(200);
            options.Retry.UseJitter = true;
            options.Retry.DisableForUnsafeHttpMethods();
            options.RateLimiter.DefaultRateLimiterOptions.PermitLimit = 32;
            options.RateLimiter.DefaultRateLimiterOptions.QueueLimit = 128;
        });

        builder.Services.AddSingleton(services => new Adapter(
            id, name, credential, () => services.GetRequiredService<IOptions<TOptions>>().Value.Url, healthPath));
        return builder;
    }

    /// <summary>Where Aspire's service discovery says a resource is, or null.</summary>
    internal static Uri? Discovered(IConfiguration configuration, string resource) =>
        (configuration[$"services:{resource}:https:0"] ?? configuration[$"services:{resource}:http:0"]) is { } url ? new Uri(url) : null;
}
