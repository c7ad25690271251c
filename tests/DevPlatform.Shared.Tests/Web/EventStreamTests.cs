using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Web;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DevPlatform.Shared.Tests.Web;

/// <summary>A host with one event stream, whose clock and sessions are the test's.</summary>
public sealed class EventStreamTests : IAsyncLifetime
{
    private const string User = "user:default/ana";
    private const string First = "event: count\ndata: 1\nid: 1\n\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeSessions _sessions = new();
    private readonly TaskCompletionSource _done = new();
    private readonly HttpClient _client = new() { Timeout = Patience };
    private WebApplication _app = null!;

    [Fact]
    public async Task Goes_on_while_the_token_lives_and_ends_with_it()
    {
        using var reader = await OpenAsync();
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        _sessions.Open(User).ShouldBe(1);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await ShouldSayComeAgainAsync(reader);
    }

    [Fact]
    public async Task Ends_with_its_session_and_no_other()
    {
        using var reader = await OpenAsync();
        _sessions.End("user:default/bob");
        _sessions.Open(User).ShouldBe(1);

        _sessions.End(User);

        await ShouldSayComeAgainAsync(reader);
    }

    [Fact]
    public async Task Ends_when_the_replica_stops()
    {
        using var reader = await OpenAsync();

        var stopping = _app.StopAsync();

        await ShouldSayComeAgainAsync(reader);
        await stopping;
    }

    [Fact]
    public async Task One_that_is_done_just_ends()
    {
        using var reader = await OpenAsync();

        _done.SetResult();

        (await reader.ReadToEndAsync()).ShouldBe("");
    }

    [Fact]
    public async Task Nothing_is_left_of_one_whose_reader_has_gone()
    {
        using (await OpenAsync())
        {
            _sessions.Open(User).ShouldBe(1);
        }

        await Eventually.BeAsync(() => Task.FromResult(_sessions.Open(User) == 0), Patience);
    }

    [Fact]
    public async Task An_expired_token_gets_nothing()
    {
        _time.Advance(TimeSpan.FromHours(1));

        (await _client.GetStringAsync(_app.Urls.First())).ShouldBe("retry: 500\n\n");
    }

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton<ISessionEnds>(_sessions);
        _app = builder.Build();
        var caller = new Caller
        {
            Subject = "ana",
            Username = "ana",
            UserRef = User,
            OwnershipRefs = [User],
            Roles = new HashSet<string>(),
            Groups = new HashSet<string>(),
            ExpiresAt = _time.GetUtcNow() + TimeSpan.FromMinutes(5),
        };
        _app.Run(context =>
        {
            context.Features.Set(caller);
            return EventStream.RunAsync(context, CountAsync);
        });
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task CountAsync(EventStream stream)
    {
        stream.End.ThrowIfCancellationRequested();
        await stream.WriteAsync("count", "1", 1);
        await stream.FlushAsync();
        await _done.Task.WaitAsync(stream.End);
    }

    /// <summary>The stream after its first event.</summary>
    private async Task<StreamReader> OpenAsync()
    {
        var reader = new StreamReader(await _client.GetStreamAsync(_app.Urls.First()));
        var first = new char[First.Length];
        await reader.ReadBlockAsync(first);
        new string(first).ShouldBe(First);
        return reader;
    }

    private static async Task ShouldSayComeAgainAsync(StreamReader reader) =>
        (await reader.ReadToEndAsync().WaitAsync(Patience)).ShouldBe("retry: 500\n\n");
}
