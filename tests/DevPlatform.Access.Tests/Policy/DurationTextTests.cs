using DevPlatform.Access.Policy;

namespace DevPlatform.Access.Tests.Policy;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("PT1H", 3600)]
    [InlineData("PT1H30M", 5400)]
    [InlineData("PT15S", 15)]
    [InlineData("P1D", 86400)]
    [InlineData("1h", 3600)]
    [InlineData("90m", 5400)]
    [InlineData("1d2h3m4s", 93784)]
    [InlineData(" 1h ", 3600)]
    public void Reads_ISO_8601_and_the_short_form(string text, int seconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();
        duration.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("h")]
    [InlineData("1h1d")]
    [InlineData("PT0S")]
    [InlineData("0m")]
    [InlineData("-PT1H")]
    [InlineData("P99999999999D")]
    [InlineData("9999999999999h")]
    public void Refuses_everything_else(string? text) => DurationText.TryParse(text, out _).ShouldBeFalse();
}
