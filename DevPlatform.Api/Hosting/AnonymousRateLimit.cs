using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace DevPlatform.Api.Hosting;

/// <summary>
/// How often those may ask who do not say who they are: so many requests per second and address, counted anew each second. (ASP.NET Core's
/// limiter wakes the process twenty times a second for as long as it lives, whether anyone asks or not.)
/// </summary>
internal static class AnonymousRateLimit
{
    private const int RequestsPerSecond = 100;

    /// <summary>Comes after authentication; who is signed in pays nothing for it. Too many are 429.</summary>
    public static void UseAnonymousRateLimit(this WebApplication app)
    {
        var window = new Window(0);
        app.Use((context, next) =>
        {
            if (context.User.Identity?.IsAuthenticated == true || !context.Request.Path.StartsWithSegments("/api"))
            {
                return next(context);
            }

            var second = Stopwatch.GetTimestamp() / Stopwatch.Frequency;
            var current = Volatile.Read(ref window);
            if (current.Second != second)
            {
                var opened = new Window(second);
                var seen = Interlocked.CompareExchange(ref window, opened, current);
                current = seen == current ? opened : seen;
            }

            if (current.Count(context.Connection.RemoteIpAddress ?? IPAddress.None) <= RequestsPerSecond)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        });
    }

    private sealed class Window(long second)
    {
        private readonly ConcurrentDictionary<IPAddress, int> _counts = new();

        public long Second => second;

        public int Count(IPAddress address) => _counts.AddOrUpdate(address, 1, static (_, count) => count + 1);
    }
}
