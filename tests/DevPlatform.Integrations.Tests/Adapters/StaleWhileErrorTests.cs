using DevPlatform.Integrations.Adapters;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DevPlatform.Integrations.Tests.Adapters;

public sealed class StaleWhileErrorTests : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly StaleWhileError _answers;
    private int _asked;
    private bool _down;

    public StaleWhileErrorTests() => _answers = new StaleWhileError(_time, NullLogger<StaleWhileError>.Instance);

    [Fact]
    public async Task Serves_a_fresh_answer_without_asking()
    {
        await AskAsync();
        _time.Advance(FreshFor / 2);

        (await AskAsync()).ShouldBe(new ToolAnswer<int>(1, _time.GetUtcNow() - (FreshFor / 2), Stale: false));
        _asked.ShouldBe(1);
    }

    [Fact]
    public async Task Asks_again_when_the_answer_is_old()
    {
        await AskAsync();
        _time.Advance(FreshFor);

        (await AskAsync()).ShouldBe(new ToolAnswer<int>(2, _time.GetUtcNow(), Stale: false));
    }

    [Fact]
    public async Task Serves_the_last_answer_as_stale_while_the_tool_is_down()
    {
        var first = await AskAsync();
        _time.Advance(FreshFor);
        _down = true;

        (await AskAsync()).ShouldBe(first with { Stale = true });
    }

    [Fact]
    public async Task Fails_when_the_tool_is_down_and_never_answered()
    {
        _down = true;

        await Should.ThrowAsync<HttpRequestException>(AskAsync);
    }

    [Fact]
    public async Task Asks_again_after_forgetting()
    {
        await AskAsync();
        _answers.Forget("tool/question");

        (await AskAsync()).Value.ShouldBe(2);
    }

    [Fact]
    public async Task Asks_once_for_many_who_want_the_same_and_goes_on_when_the_first_has_left()
    {
        var said = new TaskCompletionSource<int>();
        using var first = new CancellationTokenSource();
        Task<int> Ask(CancellationToken cancellationToken)
        {
            _asked++;
            return said.Task.WaitAsync(cancellationToken);
        }

        var left = _answers.GetAsync("tool/question", FreshFor, Ask, first.Token);
        var others = Enumerable.Range(0, 100).Select(_ => _answers.GetAsync("tool/question", FreshFor, Ask, CancellationToken.None)).ToList();
        await first.CancelAsync();
        said.SetResult(7);

        await Should.ThrowAsync<OperationCanceledException>(left);
        (await Task.WhenAll(others)).ShouldAllBe(answer => answer.Value == 7);
        _asked.ShouldBe(1);
    }

    public void Dispose() => _answers.Dispose();

    private Task<ToolAnswer<int>> AskAsync() =>
        _answers.GetAsync(
            "tool/question", FreshFor, _ => _down ? throw new HttpRequestException("refused") : Task.FromResult(++_asked), CancellationToken.None);
}
