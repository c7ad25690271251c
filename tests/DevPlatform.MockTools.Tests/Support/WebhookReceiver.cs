using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.MockTools.Tests.Support;

/// <summary>Keeps what is posted to it.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly Channel<(IHeaderDictionary Headers, byte[] Body)> _deliveries = Channel.CreateUnbounded<(IHeaderDictionary, byte[])>();
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public Uri Url => new(new Uri(_app.Urls.First()), "hook");

    public static async Task<WebhookReceiver> StartAsync()
    {
        var app = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0"] }).Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            receiver._deliveries.Writer.TryWrite((new HeaderDictionary(request.Headers.ToDictionary()), body.ToArray()));
        });
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The next delivery that satisfies the condition; others are passed over.</summary>
    public async Task<(IHeaderDictionary Headers, byte[] Body)> NextAsync(Func<byte[], bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var delivery in _deliveries.Reader.ReadAllAsync(deadline.Token))
        {
            if (condition(delivery.Body))
            {
                return delivery;
            }
        }

        throw new InvalidOperationException("no such delivery");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
