using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DevPlatform.Shared.Web;

/// <summary>
/// An answer of server-sent events (WHATWG HTML, section 9.2). One that has to end before its work is done (<see cref="LongResponse"/>) says
/// <c>retry</c> as its last word: the client shall come again, with the id of the last event it saw. One that is done just ends.
/// </summary>
public sealed class EventStream
{
    private const string ComeAgain = "retry: 500\n\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly HttpResponse _response;

    private EventStream(HttpResponse response, CancellationToken end) => (_response, End) = (response, end);

    /// <summary>Cancelled when the stream has to end.</summary>
    public CancellationToken End { get; }

    /// <summary>Answers a request with what <paramref name="write"/> writes.</summary>
    public static async Task RunAsync(HttpContext context, Func<EventStream, Task> write)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(write);
        using var life = LongResponse.Begin(context);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await context.Response.StartAsync(life.End);
            await write(new EventStream(context.Response, life.End));
        }
        catch (OperationCanceledException) when (life.End.IsCancellationRequested)
        {
            if (life.Reason != ResponseEnd.ClientLeft)
            {
                await SayComeAgainAsync(context);
            }
        }
    }

    /// <summary>Writes an event; <see cref="FlushAsync"/> sends it.</summary>
    /// <param name="name">Its type.</param>
    /// <param name="data">Its data, on one line (JSON).</param>
    /// <param name="id">What a client that comes again says it has seen.</param>
    public Task WriteAsync(string name, string data, long? id = null) =>
        _response.WriteAsync(id is null ? $"event: {name}\ndata: {data}\n\n" : $"event: {name}\ndata: {data}\nid: {id}\n\n", End);

    /// <summary>Writes a comment, so that nobody on the way takes the connection for dead.</summary>
    public Task KeepAliveAsync() => _response.WriteAsync(":\n\n", End);

    /// <summary>Sends what was written.</summary>
    public Task FlushAsync() => _response.Body.FlushAsync(End);

    /// <summary>A client that does not even read this is cut off.</summary>
    private static async Task SayComeAgainAsync(HttpContext context)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await context.Response.WriteAsync(ComeAgain, patience.Token);
            await context.Response.Body.FlushAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }
}
