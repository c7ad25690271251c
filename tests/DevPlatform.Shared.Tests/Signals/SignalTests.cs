using System.Text;
using DevPlatform.Shared.Signals;

namespace DevPlatform.Shared.Tests.Signals;

public sealed class SignalTests
{
    /// <summary>What PostgreSQL refuses to notify.</summary>
    private const int TooLong = 8000;

    [Fact]
    public void A_large_audience_is_told_in_parts()
    {
        string[] audience = [.. Enumerable.Range(0, 1000).Select(i => $"role:größer-{i}")];

        var payloads = Signal.Of("access", [.. audience, new string('x', TooLong)], ChangeSignals.Message).ToPayloads().ToList();

        payloads.Count.ShouldBeGreaterThan(1);
        payloads.ShouldAllBe(payload => Encoding.UTF8.GetByteCount(payload) < TooLong);
        payloads.SelectMany(payload => Signal.Read(payload).Audience).ShouldBe(audience, "and no name that nobody has");
        payloads.ShouldAllBe(payload => Signal.Read(payload).Message!.ToJsonString() == """{"action":"changed"}""");
    }

    [Fact]
    public void A_message_that_is_too_long_for_anybody_is_refused() =>
        Should.Throw<ArgumentException>(() => Signal.Of("x", ["a", "b"], new { text = new string('x', TooLong) }).ToPayloads().ToList());
}
