using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.TechDocs.Sources;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>An entry of the navigation: a page, an external address, or a section with entries of its own.</summary>
/// <param name="Title">As shown.</param>
/// <param name="Page">The page, for one of this site.</param>
/// <param name="Address">The address, for one elsewhere.</param>
/// <param name="Children">The entries, for a section.</param>
internal sealed record NavigationItem(string Title, SitePage? Page, string? Address, IReadOnlyList<NavigationItem>? Children)
{
    /// <summary>Whether a page is this entry or below it.</summary>
    public bool Leads(SitePage page) => Page == page || Children?.Any(child => child.Leads(page)) == true;
}

/// <summary>The navigation that <c>mkdocs.yml</c> spells out, or the one that follows from the files.</summary>
internal sealed class SiteNavigation(IReadOnlyDictionary<string, SitePage> pagesBySource, IReadOnlySet<string> files, BuildReport report)
{
    private const int MaxEntries = 5_000;

    private int _entries;

    public IReadOnlyList<NavigationItem> Build(JsonArray? nav) => nav is null ? FromFiles() : [.. nav.SelectMany(Read)];

    /// <summary>Pages in reading order.</summary>
    public static IEnumerable<SitePage> Sequence(IEnumerable<NavigationItem> items) =>
        items.SelectMany(item => item.Children is { } children ? Sequence(children) : item.Page is { } page ? [page] : []);

    private IEnumerable<NavigationItem> Read(JsonNode? entry)
    {
        if (++_entries > MaxEntries)
        {
            return [];
        }

        return entry switch
        {
            JsonValue value => Leaf(null, value.ToString()),
            JsonObject map => map.SelectMany(pair => pair.Value switch
            {
                JsonArray children => [new NavigationItem(pair.Key, null, null, [.. children.SelectMany(Read)])],
                JsonValue value => Leaf(pair.Key, value.ToString()),
                _ => Unknown($"{pair.Key}: {EntityJson.Write(pair.Value ?? "nothing")}"),
            }),
            _ => Unknown(entry is null ? "empty entry" : EntityJson.Write(entry)),
        };
    }

    private IEnumerable<NavigationItem> Leaf(string? title, string target)
    {
        if (Uri.TryCreate(target, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "mailto")
        {
            return [new NavigationItem(title ?? target, null, target, null)];
        }

        var path = DocsPath.Combine("", target);
        if (path is not null && pagesBySource.TryGetValue(path, out var page))
        {
            page.Title = title ?? page.Title;
            return [new NavigationItem(page.Title, page, null, null)];
        }

        return path is not null && files.Contains(path)
            ? [new NavigationItem(title ?? DocsPath.NameOf(path), null, path, null)]
            : Unknown(target);
    }

    private IEnumerable<NavigationItem> Unknown(string entry)
    {
        report.Broken("mkdocs.yml", entry, "nav: there is no such page");
        return [];
    }

    private List<NavigationItem> FromFiles(string directory = "")
    {
        var inside = pagesBySource.Values.Where(page => directory.Length == 0 || page.Source.StartsWith(directory + "/", StringComparison.Ordinal)).ToList();
        var pages = inside.Where(page => DocsPath.DirectoryOf(page.Source) == directory)
            .OrderBy(page => SiteUrls.IsIndex(page.Source) ? 0 : 1).ThenBy(page => page.Source, StringComparer.Ordinal)
            .Select(page => new NavigationItem(page.Title, page, null, null));
        var sections = inside.Select(page => page.Source[(directory.Length == 0 ? 0 : directory.Length + 1)..])
            .Where(rest => rest.Contains('/', StringComparison.Ordinal))
            .Select(rest => rest[..rest.IndexOf('/', StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal)
            .Select(name => new NavigationItem(SiteTitles.Humanize(name), null, null, FromFiles(directory.Length == 0 ? name : $"{directory}/{name}")));
        return [.. pages, .. sections];
    }
}
