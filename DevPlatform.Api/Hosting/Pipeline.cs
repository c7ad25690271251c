using System.Net;
using DevPlatform.Api.Web;
using DevPlatform.ServiceDefaults;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.HttpOverrides;

namespace DevPlatform.Api.Hosting;

/// <summary>What every request passes, in order.</summary>
internal static class Pipeline
{
    public static void UsePlatformPipeline(this WebApplication app)
    {
        app.UseKnownProxies();
        app.UseSecurityHeaders();
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseResponseCompression();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(RefuseNul);
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        app.UseAuthentication();
        app.UseAnonymousRateLimit();
        app.UseAuthorization();
    }

    /// <summary>
    /// Believes <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> only when the request comes from <c>ForwardedHeaders:KnownProxies</c>
    /// (addresses or CIDR networks); without that setting, from nobody.
    /// </summary>
    private static void UseKnownProxies(this WebApplication app)
    {
        const string key = "ForwardedHeaders:KnownProxies";
        var proxies = app.Configuration.GetSection(key).Get<string[]>() ?? [];
        if (proxies.Length == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All & ~ForwardedHeaders.XForwardedPrefix, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else
            {
                throw new StartupException($"{key}: found \"{proxy}\"; allowed: IP addresses (10.0.0.5) and networks (10.0.0.0/8)");
            }
        }

        app.UseForwardedHeaders(options);
    }

    /// <summary>No query means the character NUL, and PostgreSQL cannot store it.</summary>
    private static Task RefuseNul(HttpContext context, RequestDelegate next) =>
        context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true && context.Request.Path.StartsWithSegments("/api")
            ? throw new InputException("The query string holds the character NUL (%00); allowed: any other")
            : next(context);
}
