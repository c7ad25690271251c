using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace DevPlatform.PeerBenchmarks.Systems;

/// <summary>
/// The least that answers by-name with a checked token: Kestrel, routing, ASP.NET Core's own bearer authentication, and the bytes from a
/// dictionary. Validated principals are kept by token, as DevPlatform keeps them: checking a signature for every request would flatter us.
/// </summary>
internal static class BareEndpoint
{
    public static async Task ServeAsync(string url, string authority, string entities)
    {
        var bodies = File.ReadLines(entities).Select(line => line.Split('\t', 2)).ToDictionary(parts => parts[0], parts => Encoding.UTF8.GetBytes(parts[1]));
        var known = new System.Collections.Concurrent.ConcurrentDictionary<string, System.Security.Claims.ClaimsPrincipal>(StringComparer.Ordinal);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
        {
            (jwt.Authority, jwt.RequireHttpsMetadata, jwt.MapInboundClaims) = (authority, false, false);
            jwt.TokenValidationParameters.ValidateAudience = false;
            jwt.Events = new JwtBearerEvents
            {
                OnMessageReceived = context =>
                {
                    if (known.TryGetValue(context.Request.Headers.Authorization.ToString(), out var principal))
                    {
                        context.Principal = principal;
                        context.Success();
                    }

                    return Task.CompletedTask;
                },
                OnTokenValidated = context =>
                {
                    known[context.Request.Headers.Authorization.ToString()] = context.Principal!;
                    return Task.CompletedTask;
                },
            };
        });
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/health/ready", () => "ok");
        app.MapGet("/api/catalog/entities/by-name/{kind}/{namespace}/{name}", async (HttpContext context, string kind, string @namespace, string name) =>
        {
            var body = bodies[$"{kind}:{@namespace}/{name}"];
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            await context.Response.BodyWriter.WriteAsync(body);
        }).RequireAuthorization();
        await app.RunAsync();
    }
}
