using System.Text.RegularExpressions;

namespace DevPlatform.Catalog.Entities;

/// <summary>The text forms that fields of an entity may have.</summary>
internal static partial class FieldRules
{
    public const string NameRule = "sequences of [a-zA-Z0-9] separated by any of [-_.], at most 63 characters in total";

    public static bool IsName(string text) => text.Length <= 63 && Name().IsMatch(text);

    public static bool IsNamespace(string text) => text.Length <= 63 && NamespaceForm().IsMatch(text);

    public static bool IsTag(string text) => text.Length <= 63 && Tag().IsMatch(text);

    public static bool IsKind(string text) => text.Length <= 63 && Kind().IsMatch(text);

    public static bool IsApiVersion(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var version = text[(slash + 1)..];
        return version.Length is > 0 and <= 63 && version.All(char.IsAsciiLetterOrDigit) && (slash < 0 || IsDnsName(text[..slash]));
    }

    /// <summary>Keys of labels and annotations: <c>[DNS name/]name</c>.</summary>
    public static bool IsKey(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return IsName(text[(slash + 1)..]) && (slash < 0 || IsDnsName(text[..slash]));
    }

    /// <summary>Links are shown to people: schemes that run code are refused.</summary>
    public static bool IsLinkUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && !text.StartsWith('/') && !RunsCode(uri);

    public static bool RunsCode(Uri uri) => uri.Scheme is "javascript" or "data" or "vbscript";

    private static bool IsDnsName(string text) => text.Length <= 253 && text.Split('.').All(label => label.Length <= 63 && NamespaceForm().IsMatch(label));

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.None, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[a-z0-9]+(?:\-+[a-z0-9]+)*\z", RegexOptions.None, 1000)]
    private static partial Regex NamespaceForm();

    [GeneratedRegex(@"^[a-z0-9:+#]+(\-[a-z0-9:+#]+)*\z", RegexOptions.None, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^[a-zA-Z][a-z0-9A-Z]*\z", RegexOptions.None, 1000)]
    private static partial Regex Kind();
}
