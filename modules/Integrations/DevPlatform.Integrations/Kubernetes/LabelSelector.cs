using System.Text.RegularExpressions;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>A label selector as Kubernetes' API understands it: <c>app=x,tier in (a,b),!c</c>; all of its requirements must hold.</summary>
internal sealed partial class LabelSelector
{
    private readonly IReadOnlyList<Func<Func<string, string?>, bool>> _requirements;

    private LabelSelector(IReadOnlyList<Func<Func<string, string?>, bool>> requirements) => _requirements = requirements;

    /// <summary>Reads a selector; null for one that is empty, which would select everything, or that Kubernetes would refuse.</summary>
    public static LabelSelector? Parse(string text)
    {
        var requirements = Comma().Split(text).Select(part => Requirement(part.Trim())).ToList();
        return requirements.Contains(null) ? null : new LabelSelector([.. requirements.OfType<Func<Func<string, string?>, bool>>()]);
    }

    /// <summary>Whether an object with these labels is selected.</summary>
    /// <param name="labels">The value of a label, or null.</param>
    public bool Matches(Func<string, string?> labels) => _requirements.All(holds => holds(labels));

    private static Func<Func<string, string?>, bool>? Requirement(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match || (match.Groups["not"].Success && match.Groups["test"].Success))
        {
            return null;
        }

        var key = match.Groups["key"].Value;
        if (match.Groups["values"] is { Success: true } set)
        {
            var values = set.Value.Split(',', StringSplitOptions.TrimEntries);
            return match.Groups["in"].Value == "in" ? labels => labels(key) is { } value && values.Contains(value) : labels => labels(key) is not { } value || !values.Contains(value);
        }

        if (match.Groups["operator"] is { Success: true } equality)
        {
            var value = match.Groups["value"].Value;
            return equality.Value == "!=" ? labels => labels(key) != value : labels => labels(key) == value;
        }

        return match.Groups["not"].Success ? labels => labels(key) is null : labels => labels(key) is not null;
    }

    // Commas within parentheses part the values of a set.
    [GeneratedRegex(@",(?![^()]*\))", RegexOptions.None, 1000)]
    private static partial Regex Comma();

    [GeneratedRegex(
        @"^((?<not>!)\s*)?(?<key>[A-Za-z0-9]([\w./-]*[A-Za-z0-9])?)(?<test>\s+(?<in>in|notin)\s*\((?<values>[\w., -]*)\)|\s*(?<operator>==|=|!=)\s*(?<value>[\w.-]*))?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
