using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace DevPlatform.Access.Policy;

/// <summary>Durations as people and programs write them: ISO 8601 (<c>PT1H30M</c>) or short (<c>1h30m</c>).</summary>
internal static partial class DurationText
{
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        var match = Short().Match(text.Trim());
        if (match.Success && match.Length > 0)
        {
            duration = new TimeSpan(Part("d"), Part("h"), Part("m"), Part("s"));
            return duration > TimeSpan.Zero;
        }

        try
        {
            duration = XmlConvert.ToTimeSpan(text.Trim());
            return duration > TimeSpan.Zero;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }

        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    public static string Format(TimeSpan duration) => XmlConvert.ToString(duration);

    [GeneratedRegex("^(?:(?<d>[0-9]{1,4})d)?(?:(?<h>[0-9]{1,4})h)?(?:(?<m>[0-9]{1,5})m)?(?:(?<s>[0-9]{1,6})s)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Short();
}
