using System.Text;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>The two sidebars.</summary>
internal static class NavigationHtml
{
    /// <summary>A site with more pages shows the entries of other sections only when one goes there: pages would grow with the square of their number.</summary>
    private const int MaxPagesUnfolded = 200;

    public static string Primary(SiteFrame site, SitePage page)
    {
        var html = new StringBuilder();
        html.Append("<nav class=\"md-nav md-nav--primary\" aria-label=\"Navigation\" data-md-level=\"0\">\n")
            .Append("<label class=\"md-nav__title\" for=\"__drawer\">").Append(PageFrame.Text(site.SiteName)).Append("</label>\n")
            .Append("<ul class=\"md-nav__list\" data-md-scrollfix>\n");
        Items(html, site.Navigation, page, "__nav", level: 1, prune: site.Sequence.Count > MaxPagesUnfolded);
        return html.Append("</ul>\n</nav>\n").ToString();
    }

    public static string TableOfContents(SitePage page)
    {
        var headings = page.Headings.Where(heading => heading.Level > 1).ToList();
        if (headings.Count == 0)
        {
            return "";
        }

        var html = new StringBuilder("<nav class=\"md-nav md-nav--secondary\" aria-label=\"Table of contents\">\n<label class=\"md-nav__title\" for=\"__toc\">Table of contents</label>\n");
        html.Append("<ul class=\"md-nav__list\" data-md-component=\"toc\" data-md-scrollfix>\n");
        var open = new Stack<int>();
        for (var i = 0; i < headings.Count; i++)
        {
            var (level, id, text) = headings[i];
            html.Append("<li class=\"md-nav__item\"><a href=\"#").Append(Uri.EscapeDataString(id)).Append("\" class=\"md-nav__link\"><span class=\"md-ellipsis\">")
                .Append(PageFrame.Text(text)).Append("</span></a>");
            var next = i + 1 < headings.Count ? headings[i + 1].Level : 0;
            if (next > level)
            {
                open.Push(level);
                html.Append("\n<nav class=\"md-nav\" aria-label=\"").Append(PageFrame.Attribute(text)).Append("\"><ul class=\"md-nav__list\">\n");
                continue;
            }

            html.Append("</li>\n");
            while (open.TryPeek(out var outer) && next <= outer)
            {
                open.Pop();
                html.Append("</ul></nav></li>\n");
            }
        }

        return html.Append("</ul>\n</nav>\n").ToString();
    }

    private static void Items(StringBuilder html, IReadOnlyList<NavigationItem> items, SitePage page, string path, int level, bool prune)
    {
        for (var i = 0; i < items.Count; i++)
        {
            var (item, id) = (items[i], $"{path}_{i + 1}");
            var active = item.Leads(page);
            html.Append("<li class=\"md-nav__item").Append(active ? " md-nav__item--active" : "").Append(item.Children is null ? "" : " md-nav__item--nested").Append("\">");
            if (item.Children is not null && prune && !active)
            {
                if (SiteNavigation.Sequence([item]).FirstOrDefault() is { } first)
                {
                    Link(html, SiteUrls.Relative(page.Url, first.Url), item.Title, current: false);
                }
            }
            else if (item.Children is { } children)
            {
                var title = PageFrame.Text(item.Title);
                html.Append("<input class=\"md-nav__toggle md-toggle\" type=\"checkbox\" id=\"").Append(id).Append('"').Append(active ? " checked" : "").Append(">\n")
                    .Append("<label class=\"md-nav__link\" for=\"").Append(id).Append("\"><span class=\"md-ellipsis\">").Append(title).Append("</span><span class=\"md-nav__icon md-icon\"></span></label>\n")
                    .Append("<nav class=\"md-nav\" aria-label=\"").Append(PageFrame.Attribute(item.Title)).Append("\" data-md-level=\"").Append(level).Append("\">\n")
                    .Append("<label class=\"md-nav__title\" for=\"").Append(id).Append("\">").Append(title).Append("</label>\n<ul class=\"md-nav__list\" data-md-scrollfix>\n");
                Items(html, children, page, id, level + 1, prune);
                html.Append("</ul>\n</nav>");
            }
            else
            {
                var address = item.Page is { } target ? SiteUrls.Relative(page.Url, target.Url) : IsExternal(item.Address!) ? item.Address! : SiteUrls.Relative(page.Url, item.Address!);
                Link(html, address, item.Title, item.Page == page);
            }

            html.Append("</li>\n");
        }
    }

    private static void Link(StringBuilder html, string address, string title, bool current) => html
        .Append("<a href=\"").Append(PageFrame.Attribute(address)).Append("\" class=\"md-nav__link").Append(current ? " md-nav__link--active" : "")
        .Append("\"><span class=\"md-ellipsis\">").Append(PageFrame.Text(title)).Append("</span></a>");

    private static bool IsExternal(string address) => address.Contains(':', StringComparison.Ordinal);
}
