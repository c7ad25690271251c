using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using DevPlatform.Api.Web;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DevPlatform.Api.Hosting;

/// <summary>How much one caller may ask of us (trust boundary B2).</summary>
internal static class RequestLimits
{
    private const long MaxBodyBytes = 10 * 1024 * 1024;
    private const long MaxResponseBufferBytes = 256 * 1024;
    private const int MaxJsonDepth = 64;
    private const int AnonymousRequestsPerSecond = 100;
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Body 10 MB (<c>Kestrel:Limits:MaxRequestBodySize</c>), headers 32 kB, JSON 64 deep, 60 s per request that is no event stream, and 100
    /// requests per second and address from callers without a valid token. On shutdown running requests get up to 30 s.
    /// </summary>
    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = builder.Configuration.GetValue("Kestrel:Limits:MaxRequestBodySize", MaxBodyBytes);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxRequestHeaderCount = 64;
            // A page of entities fits: a request need not wait for the socket in the middle of its answer.
            kestrel.Limits.MaxResponseBufferSize = MaxResponseBufferBytes;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(10));
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.MaxDepth = MaxJsonDepth;
            // Two readers may each believe another one of the two.
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(allowIntegerValues: false));
            json.SerializerOptions.Converters.Add(new StrictJsonNodeConverter<JsonNode>());
            json.SerializerOptions.Converters.Add(new StrictJsonNodeConverter<JsonObject>());
            json.SerializerOptions.Converters.Add(new StrictJsonNodeConverter<JsonArray>());
        });
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = MaxDuration,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(Partition);
        });
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml"];
        });
    }

    /// <summary>Limits how often those may ask who do not say who they are; it comes after authentication. Others pay nothing for it.</summary>
    public static void UseAnonymousRateLimit(this WebApplication app) => app.UseWhen(
        context => context.User.Identity?.IsAuthenticated != true && context.Request.Path.StartsWithSegments("/api"), anonymous => anonymous.UseRateLimiter());

    private static RateLimitPartition<string> Partition(HttpContext context) =>
        RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "unknown", _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = AnonymousRequestsPerSecond,
            Window = TimeSpan.FromSeconds(1),
        });
}
