using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>The one style sheet of all sites. The reader keeps a link to a style sheet only if it is named <c>main.&lt;8 hex digits&gt;.min.css</c>.</summary>
internal static class SiteStyles
{
    private const int MaxTabs = 20;

    /// <summary>Its content.</summary>
    public static readonly byte[] Content = Read();

    /// <summary>Where it is in a site; changes with the content.</summary>
    public static readonly string Path = $"assets/stylesheets/main.{Convert.ToHexStringLower(SHA256.HashData(Content))[..8]}.min.css";

    private static byte[] Read()
    {
        using var stream = typeof(SiteStyles).Assembly.GetManifestResourceStream(typeof(SiteStyles), "main.css")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd().Replace("/*TABS*/", TabRules(), StringComparison.Ordinal));
    }

    // Which tab shows follows from which radio button is checked: one rule for each position.
    private static string TabRules()
    {
        var numbers = Enumerable.Range(1, MaxTabs).ToList();
        var blocks = numbers.Select(i => string.Create(CultureInfo.InvariantCulture, $".tabbed-set > input:nth-child({i}):checked ~ .tabbed-content > :nth-child({i})"));
        var labels = numbers.Select(i => string.Create(CultureInfo.InvariantCulture, $".tabbed-set > input:nth-child({i}):checked ~ .tabbed-labels > :nth-child({i})"));
        return $".md-typeset :is({string.Join(", ", blocks)}) {{ display: block; }}\n"
            + $".md-typeset :is({string.Join(", ", labels)}) {{ color: var(--md-accent-fg-color); border-color: var(--md-accent-fg-color); }}";
    }
}
