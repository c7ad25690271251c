using DevPlatform.Shared.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DevPlatform.Shared.Web;

/// <summary>Why an answer that stays open has to end.</summary>
public enum ResponseEnd
{
    /// <summary>Nobody reads it any more.</summary>
    ClientLeft,

    /// <summary>This replica stops.</summary>
    Stopping,

    /// <summary>The caller's access token has expired.</summary>
    TokenExpired,

    /// <summary>The caller signed out, or Keycloak ended the session.</summary>
    SessionEnded,
}

/// <summary>
/// An answer that stays open (event stream, long poll, WebSocket). It may go on for as long as a new request of the same caller would be let in, so
/// it ends with the access token, with the session on whichever replica that ended, and of course with the connection and this replica. The
/// limit for ordinary requests does not count for it.
/// </summary>
public sealed class LongResponse : IDisposable
{
    /// <summary>Tokens live for minutes; timers cannot wait for what a forged one may claim.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly IDisposable[] _watches;
    private bool _over;

    private LongResponse(HttpContext context)
    {
        var services = context.RequestServices;
        var caller = Caller.Of(context);
        var time = services.GetRequiredService<TimeProvider>();
        var left = caller.ExpiresAt - time.GetUtcNow();
        _watches =
        [
            context.RequestAborted.Register(() => Finish(ResponseEnd.ClientLeft)),
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => Finish(ResponseEnd.Stopping)),
            time.CreateTimer(
                _ => Finish(ResponseEnd.TokenExpired), null, left < TimeSpan.Zero ? TimeSpan.Zero : left > Longest ? Longest : left, Timeout.InfiniteTimeSpan),
            services.GetRequiredService<ISessionEnds>().Watch(caller, () => Finish(ResponseEnd.SessionEnded)),
        ];
    }

    /// <summary>Cancelled when it has to end.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Why it has to end; null while it need not.</summary>
    public ResponseEnd? Reason { get; private set; }

    /// <summary>Lets the answer to a request stay open.</summary>
    /// <exception cref="Errors.AuthenticationException">The request carries no valid token.</exception>
    public static LongResponse Begin(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        return new LongResponse(context);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
        }

        foreach (var watch in _watches)
        {
            watch.Dispose();
        }
    }

    private void Finish(ResponseEnd reason)
    {
        lock (_lock)
        {
            if (_over)
            {
                return;
            }

            _over = true;
            Reason = reason;
            // What is cancelled runs elsewhere: this may be the thread that hears PostgreSQL.
            _ = _end.CancelAsync();
        }
    }
}
