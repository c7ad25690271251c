using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ganss.Xss;

namespace DevPlatform.Catalog.TechDocs.Markdown;

/// <summary>
/// Leaves of a page's HTML what documentation needs: nothing that runs, submits, embeds or restyles the portal. Scripts of any form are gone
/// before the page is stored.
/// </summary>
internal static partial class HtmlCleaner
{
    /// <summary>Deepest nesting of an author's own HTML; deeper input is shown as text (walking a tree recurses).</summary>
    public const int MaxDepth = 200;

    private static readonly HashSet<string> GoneWithContent = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "iframe", "object", "embed", "applet", "noscript", "template", "svg", "math", "title", "head", "textarea", "select", "noembed", "noframes", "xmp",
    };

    private static readonly HashSet<string> Void = new(StringComparer.OrdinalIgnoreCase)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    };

    private static readonly HtmlSanitizer Sanitizer = Build();

    /// <summary>The page's content as a document whose body holds it.</summary>
    public static IHtmlDocument Clean(string html) => Sanitizer.SanitizeDom(html);

    /// <summary>How deep tags in a piece of HTML may nest at most, counting every tag that its own name does not close.</summary>
    public static int DepthOf(string html)
    {
        var open = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var (depth, deepest) = (0, 0);
        foreach (var tag in Tag().EnumerateMatches(html))
        {
            var text = html.AsSpan(tag.Index, tag.Length).TrimStart('<');
            var closes = text[0] == '/';
            var name = text.TrimStart('/').ToString();
            if (Void.Contains(name))
            {
                continue;
            }

            var count = open.GetValueOrDefault(name);
            if (closes && count > 0)
            {
                open[name] = count - 1;
                depth--;
            }
            else if (!closes)
            {
                open[name] = count + 1;
                deepest = Math.Max(deepest, ++depth);
            }
        }

        return deepest;
    }

    private static HtmlSanitizer Build()
    {
        var options = new HtmlSanitizerOptions
        {
            AllowedTags = Set(
                "a", "abbr", "article", "aside", "b", "bdi", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn",
                "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "input", "ins", "kbd", "label",
                "li", "mark", "ol", "p", "picture", "pre", "q", "s", "samp", "section", "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody",
                "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr"),
            AllowedAttributes = Set(
                "abbr", "align", "alt", "aria-hidden", "aria-label", "checked", "class", "colspan", "data-linenos", "data-tabs", "datetime", "dir", "disabled", "download", "for",
                "height", "href", "id", "lang", "name", "open", "reversed", "role", "rowspan", "scope", "src", "start", "style", "tabindex", "title", "type", "valign", "width"),
            AllowedSchemes = Set("http", "https", "mailto", "tel", "data"),
            UriAttributes = Set("href", "src"),
            AllowedCssProperties = Set("text-align"),
        };
        var sanitizer = new HtmlSanitizer(options) { KeepChildNodes = true };
        sanitizer.RemovingTag += (_, e) =>
        {
            if (GoneWithContent.Contains(e.Tag.LocalName))
            {
                e.Tag.TextContent = "";
            }
        };
        sanitizer.PostProcessNode += (_, e) => Restrict(e.Node);
        // Pictures may be inline; a link to data: could be a page of its own.
        sanitizer.FilterUrl += (_, e) =>
        {
            if (e.SanitizedUrl?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) == true && !(e.Tag is IHtmlImageElement && InlineImage().IsMatch(e.SanitizedUrl)))
            {
                e.SanitizedUrl = null;
            }
        };
        return sanitizer;
    }

    private static void Restrict(INode node)
    {
        if (node is IHtmlInputElement { Type: not ("checkbox" or "radio") } input)
        {
            input.Remove();
        }
    }

    private static HashSet<string> Set(params string[] names) => new(names, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("</?[A-Za-z][A-Za-z0-9:-]*", RegexOptions.None, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("^data:image/(png|jpeg|gif|webp|avif);base64,", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex InlineImage();
}
