using System.Globalization;
using System.Net;
using System.Text;
using DevPlatform.Shared.Git;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>What all pages of a site share.</summary>
internal sealed record SiteFrame(string SiteName, IReadOnlyList<NavigationItem> Navigation, IReadOnlyList<SitePage> Sequence, GitCommit LastCommit, string CommitReference);

/// <summary>
/// Puts a page into the frame that the TechDocs reader takes apart: it removes the header, moves sidebars and footer, adds buttons to the
/// article, and keeps no style sheet but <c>main.&lt;8 hex digits&gt;.min.css</c>.
/// </summary>
internal static class PageFrame
{
    private const string MenuIcon = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path d=\"M3 5h18v2H3zm0 6h18v2H3zm0 6h18v2H3z\"/></svg>";
    private const string EditIcon = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path d=\"M4 16.5V20h3.500L18 9.500 14.500 6zM20 7.500 16.500 4l-1.300 1.300 3.500 3.500z\"/></svg>";
    private const string PreviousIcon = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path d=\"M20 11H8l5-5-1.400-1.400L4.200 12l7.400 7.400L13 18l-5-5h12z\"/></svg>";
    private const string NextIcon = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path d=\"M4 11h12l-5-5 1.400-1.400 7.400 7.400-7.400 7.400L11 18l5-5H4z\"/></svg>";

    /// <summary>The whole document.</summary>
    /// <param name="site">The site.</param>
    /// <param name="page">The page.</param>
    /// <param name="editUrl">Where its source is edited; null where there is no such place.</param>
    public static string Write(SiteFrame site, SitePage page, string? editUrl)
    {
        var html = new StringBuilder(page.Html.Length + 8_192);
        var home = Attribute(SiteUrls.Relative(page.Url, ""));
        html.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en" class="no-js">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            {(page.Description is null ? "" : $"<meta name=\"description\" content=\"{Attribute(page.Description)}\">")}
            <title>{Text(page.Title == site.SiteName || page.Url.Length == 0 ? site.SiteName : $"{page.Title} - {site.SiteName}")}</title>
            <link rel="stylesheet" href="{SiteUrls.Relative(page.Url, SiteStyles.Path)}">
            </head>
            <body dir="ltr">
            <input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer" autocomplete="off">
            <label class="md-overlay" for="__drawer"></label>
            <header class="md-header" data-md-component="header"><nav class="md-header__inner md-grid" aria-label="Header">
            <a href="{home}" title="{Attribute(site.SiteName)}" class="md-header__button md-logo" aria-label="{Attribute(site.SiteName)}">{Text(site.SiteName)}</a>
            <label class="md-header__button md-icon" for="__drawer">{MenuIcon}</label>
            <div class="md-header__title"><div class="md-header__ellipsis"><div class="md-header__topic"><span class="md-ellipsis">{Text(page.Title)}</span></div></div></div>
            </nav></header>
            <div class="md-container" data-md-component="container"><main class="md-main" data-md-component="main"><div class="md-main__inner md-grid">
            <div class="md-sidebar md-sidebar--primary" data-md-component="sidebar" data-md-type="navigation"><div class="md-sidebar__scrollwrap"><div class="md-sidebar__inner">

            """);
        html.Append(NavigationHtml.Primary(site, page));
        html.Append("</div></div></div>\n<div class=\"md-sidebar md-sidebar--secondary\" data-md-component=\"sidebar\" data-md-type=\"toc\"><div class=\"md-sidebar__scrollwrap\"><div class=\"md-sidebar__inner\">\n");
        html.Append(NavigationHtml.TableOfContents(page));
        html.Append("</div></div></div>\n<div class=\"md-content\" data-md-component=\"content\"><article class=\"md-content__inner md-typeset\">\n");
        if (editUrl is not null)
        {
            html.Append(CultureInfo.InvariantCulture, $"<a href=\"{Attribute(editUrl)}\" title=\"Edit this page\" class=\"md-content__button md-icon\">{EditIcon}</a>\n");
        }

        if (!page.HasTitleHeading)
        {
            html.Append(CultureInfo.InvariantCulture, $"<h1>{Text(page.Title)}</h1>\n");
        }

        html.Append(page.Html).Append('\n').Append(Freshness(site)).Append("</article></div>\n</div></main>\n").Append(Footer(site, page)).Append("</div>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static string Freshness(SiteFrame site)
    {
        var commit = site.LastCommit;
        var when = commit.When.ToUniversalTime();
        return $"""
            <aside class="md-source-file"><span class="md-source-file__fact">Last update: <time datetime="{when:yyyy-MM-ddTHH:mm:ssZ}">{when.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}</time>
            by {Text(commit.AuthorName)} (<code title="{Attribute(commit.Message)}">{commit.Id[..8]}</code> on {Text(site.CommitReference)})</span></aside>

            """;
    }

    private static string Footer(SiteFrame site, SitePage page)
    {
        var at = site.Sequence.TakeWhile(other => other != page).Count();
        var previous = at > 0 && at < site.Sequence.Count ? Step(page, site.Sequence[at - 1], "Previous", "prev", PreviousIcon) : "";
        var next = at + 1 < site.Sequence.Count ? Step(page, site.Sequence[at + 1], "Next", "next", NextIcon) : "";
        return previous.Length + next.Length == 0
            ? ""
            : $"<footer class=\"md-footer\"><nav class=\"md-footer__inner md-grid\" aria-label=\"Footer\">\n{previous}{next}</nav></footer>\n";
    }

    private static string Step(SitePage from, SitePage to, string label, string relation, string icon)
    {
        var title = $"<div class=\"md-footer__title\"><span class=\"md-footer__direction\">{label}</span><div class=\"md-ellipsis\">{Text(to.Title)}</div></div>";
        var button = $"<div class=\"md-footer__button md-icon\">{icon}</div>";
        return $"<a href=\"{Attribute(SiteUrls.Relative(from.Url, to.Url))}\" class=\"md-footer__link md-footer__link--{relation}\" aria-label=\"{label}: {Attribute(to.Title)}\" rel=\"{relation}\">"
            + (relation == "prev" ? button + title : title + button) + "</a>\n";
    }

    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    internal static string Attribute(string text) => WebUtility.HtmlEncode(text);
}
