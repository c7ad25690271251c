using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
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
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Body 10 MB (<c>Kestrel:Limits:MaxRequestBodySize</c>), headers 32 kB, JSON 64 deep, 60 s per request that is no event stream. On shutdown
    /// running requests get up to 30 s.
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
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml"];
        });
    }
}
