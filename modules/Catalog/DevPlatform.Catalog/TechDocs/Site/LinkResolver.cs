using System.Text.RegularExpressions;
using DevPlatform.Catalog.TechDocs.Sources;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>
/// Turns links between source files into links between pages. A link to a file of the repository that is no documentation leads to its web
/// address; one that leads nowhere is reported.
/// </summary>
internal sealed partial class LinkResolver(DocsTree tree, IReadOnlyDictionary<string, string> pageUrls, BuildReport report)
{
    private readonly HashSet<string> _files = [.. tree.Files.Select(file => file.Path)];
    private readonly HashSet<string> _urls = [.. pageUrls.Values];
    private readonly List<(string Page, string Link, string TargetUrl, string Anchor)> _anchors = [];

    /// <summary>What a link in a page becomes.</summary>
    public string Resolve(string page, string link)
    {
        if (link.Length == 0 || link[0] == '/' || Absolute().IsMatch(link))
        {
            return link;
        }

        var url = pageUrls[page];
        var hash = link.IndexOf('#', StringComparison.Ordinal);
        var (address, anchor) = hash < 0 ? (link, "") : (link[..hash], link[(hash + 1)..]);
        var query = address.IndexOf('?', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(query < 0 ? address : address[..query]);
        var suffix = (query < 0 ? "" : address[query..]) + (hash < 0 ? "" : link[hash..]);
        if (path.Length == 0)
        {
            NoteAnchor(page, link, url, anchor);
            return link;
        }

        var target = DocsPath.Combine(DocsPath.DirectoryOf(page), path);
        if (target is not null && PageOf(target) is { } targetPage)
        {
            NoteAnchor(page, link, pageUrls[targetPage], anchor);
            return SiteUrls.Relative(url, pageUrls[targetPage]) + suffix;
        }

        if (target is not null && _files.Contains(target))
        {
            return SiteUrls.Relative(url, target) + suffix;
        }

        // Written as an address of the site rather than as a file.
        if (DocsPath.Combine(url, path) is { } ofSite && (_urls.Contains(ofSite.Length == 0 ? "" : ofSite + "/") || _files.Contains(ofSite)))
        {
            return link;
        }

        return InRepository(page, path) is { } inRepository ? tree.Source.FileUrl(inRepository) + suffix : Broken(page, link);
    }

    /// <summary>Reports links to headings that the target pages do not have.</summary>
    public void CheckAnchors(IReadOnlyDictionary<string, SitePage> pagesByUrl)
    {
        foreach (var (page, link, targetUrl, anchor) in _anchors)
        {
            if (pagesByUrl.TryGetValue(targetUrl, out var target) && !target.Ids.Contains(Uri.UnescapeDataString(anchor)))
            {
                report.Broken(page, link, $"{target.Source} has no heading or id \"{anchor}\"");
            }
        }
    }

    private string? PageOf(string path) =>
        pageUrls.ContainsKey(path) ? path
        : new[] { "index.md", "README.md" }.Select(name => DocsPath.Combine(path, name)!).FirstOrDefault(pageUrls.ContainsKey);

    private void NoteAnchor(string page, string link, string targetUrl, string anchor)
    {
        if (anchor.Length > 0)
        {
            _anchors.Add((page, link, targetUrl, anchor));
        }
    }

    private string? InRepository(string page, string path) =>
        DocsPath.Combine(DocsPath.DirectoryOf(tree.InRepository(page)), path) is { } target && !DocsPath.IsIn(target, tree.Root) && tree.RepositoryHas(target) ? target : null;

    private string Broken(string page, string link)
    {
        report.Broken(page, link, "there is no such file");
        return link;
    }

    [GeneratedRegex("^(?:[a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Absolute();
}
