using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.TechDocs.Markdown;
using DevPlatform.Catalog.TechDocs.Sources;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>Makes a page of a Markdown file. Input that no reader can digest becomes plain text and a warning, never a failed site.</summary>
internal sealed class PageReader(LinkResolver links, Snippets snippets, BuildReport report)
{
    private static readonly YamlLimits FrontMatterLimits = new(MaxNodes: 1_000, MaxDepth: 10);

    public SitePage Read(string source, string url, string markdown)
    {
        try
        {
            return ReadMarkdown(source, url, snippets.Insert(source, markdown));
        }
        catch (ArgumentException e)
        {
            // Markdig's way of refusing what is nested too deeply.
            report.Warn($"{source}: shown as plain text: {e.Message}");
            return PlainText(source, url, markdown);
        }
    }

    public static SitePage PlainText(string source, string url, string text)
    {
        var title = SiteTitles.Humanize(source);
        return new SitePage
        {
            Source = source,
            Url = url,
            Title = title,
            HasTitleHeading = false,
            Html = $"<pre>{WebUtility.HtmlEncode(text)}</pre>",
            Headings = [],
            Sections = [new SearchSection(null, title, text)],
            Ids = new HashSet<string>(),
        };
    }

    private SitePage ReadMarkdown(string source, string url, string markdown)
    {
        var document = DocsMarkdown.Parse(markdown);
        var frontMatter = FrontMatter(document, source);
        HeadingIds.Assign(document);
        RewriteLinks(document, source);
        var html = DocsMarkdown.Render(document);
        if (HtmlCleaner.DepthOf(html) > HtmlCleaner.MaxDepth)
        {
            throw new ArgumentException($"HTML is nested more than {HtmlCleaner.MaxDepth} deep");
        }

        using var clean = HtmlCleaner.Clean(html);
        var text = PageText.Of(clean.Body!);
        var title = EntityJson.Text(frontMatter?["title"]) ?? text.Headings.FirstOrDefault(heading => heading.Level == 1)?.Text ?? SiteTitles.Humanize(source);
        return new SitePage
        {
            Source = source,
            Url = url,
            Title = title,
            Description = EntityJson.Text(frontMatter?["description"]),
            Html = clean.Body!.InnerHtml,
            HasTitleHeading = text.Headings.Any(heading => heading.Level == 1),
            Headings = text.Headings,
            Sections = [new SearchSection(null, title, text.All), .. text.Sections],
            Ids = text.Ids,
        };
    }

    private JsonObject? FrontMatter(MarkdownDocument document, string source)
    {
        if (document.FirstOrDefault() is not YamlFrontMatterBlock block)
        {
            return null;
        }

        var parsed = YamlDocuments.Parse(block.Lines.ToString(), FrontMatterLimits) is [var first, ..] ? first : null;
        if (parsed?.Error is not null)
        {
            report.Warn($"{source}: front matter is ignored: {parsed.Error}");
        }

        return parsed?.Node as JsonObject;
    }

    private void RewriteLinks(MarkdownDocument document, string source)
    {
        foreach (var link in document.Descendants<LinkInline>().Where(link => !link.IsAutoLink && link.Url is not null))
        {
            link.Url = links.Resolve(source, link.Url!);
            link.GetDynamicUrl = null;
        }
    }
}

/// <summary>Titles of what names none.</summary>
internal static class SiteTitles
{
    /// <summary><c>guides/getting-started.md</c> → "Getting started".</summary>
    public static string Humanize(string path)
    {
        var name = SiteUrls.IsPage(path) ? Path.GetFileNameWithoutExtension(DocsPath.NameOf(path)) : DocsPath.NameOf(path);
        var words = new StringBuilder(name).Replace('-', ' ').Replace('_', ' ').ToString().Trim();
        return words.Length == 0 ? name : words == "index" ? "Home" : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
