using System.Globalization;
using System.Text;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace DevPlatform.Catalog.TechDocs.Markdown;

/// <summary>Gives headings the ids that Python-Markdown gives them, so that links written for MkDocs go on working.</summary>
internal static class HeadingIds
{
    // Letters U+00C0 to U+017F without their accents; ? where there is none to take off. Without ICU, .NET does not decompose.
    private const string Bases = "AAAAAA?CEEEEIIII?NOOOOO??UUUUY??aaaaaa?ceeeeiiii?nooooo??uuuuy?y"
        + "AaAaAaCcCcCcCcDd??EeEeEeEeEeGgGgGgGgHh??IiIiIiIiI???JjKk?LlLlLlLl??NnNnNnn??OoOoOo??RrRrRrSsSsSsSsTtTt??UuUuUuUuUuUuWwYyYZzZzZzs";

    public static void Assign(MarkdownDocument document)
    {
        var headings = document.Descendants<HeadingBlock>().ToList();
        var taken = headings.Select(heading => heading.TryGetAttributes()?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var repeats = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var heading in headings.Where(heading => heading.TryGetAttributes()?.Id is null))
        {
            var slug = Slug(PlainText(heading));
            var id = slug;
            while (id.Length == 0 || !taken.Add(id))
            {
                repeats[slug] = repeats.GetValueOrDefault(slug) + 1;
                id = $"{slug}_{repeats[slug]}";
            }

            heading.GetAttributes().Id = id;
        }
    }

    /// <summary>
    /// "Größe &amp; Gewicht" → <c>groe-gewicht</c>: accents are taken off, and what is not ASCII then is dropped, as Python-Markdown does.
    /// </summary>
    public static string Slug(string text)
    {
        var slug = new StringBuilder();
        var gap = false;
        foreach (var c in text.Trim().Select(WithoutAccent))
        {
            if (char.IsAsciiLetterOrDigit(c) || c == '_')
            {
                slug.Append(gap && slug.Length > 0 ? "-" : "").Append(char.ToLower(c, CultureInfo.InvariantCulture));
                gap = false;
            }
            else if (c == '-' || char.IsWhiteSpace(c))
            {
                gap = true;
            }
        }

        return slug.ToString();
    }

    private static char WithoutAccent(char c) => c is >= '\u00C0' and <= '\u017F' ? Bases[c - '\u00C0'] : c;

    private static string PlainText(HeadingBlock heading)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer) { EnableHtmlForInline = false, EnableHtmlForBlock = false, EnableHtmlEscape = false };
        renderer.WriteLeafInline(heading);
        return writer.ToString();
    }
}
