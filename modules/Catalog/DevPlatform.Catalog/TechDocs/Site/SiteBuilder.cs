using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.TechDocs.Sources;
using DevPlatform.Catalog.TechDocs.Storage;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>A site, ready to be stored.</summary>
/// <param name="Files">Its files, made and read as they are taken.</param>
/// <param name="Pages">Its pages.</param>
/// <param name="Metadata">What <c>techdocs_metadata.json</c> says.</param>
internal sealed record BuiltSite(IEnumerable<DocsFile> Files, IReadOnlyList<SitePage> Pages, JsonObject Metadata);

/// <summary>Builds a site from one commit: same commit, same bytes (but for the time of the build).</summary>
internal sealed class SiteBuilder(DocsTree tree, TechDocsOptions options)
{
    private const int StackBytes = 16 * 1024 * 1024;
    private const string NotFoundPage = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Not found</title></head><body><h1>404 - Not found</h1></body></html>\n";

    private readonly BuildReport _report = new();

    public BuildReport Report => _report;

    /// <summary>Builds on a thread of its own, whose stack is large enough for the deepest input that is let through.</summary>
    /// <exception cref="InputException">There is too much of it.</exception>
    /// <exception cref="NotFoundException">There is no page.</exception>
    public Task<BuiltSite> BuildAsync(string revision, GitCommit lastCommit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<BuiltSite>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    done.SetResult(Build(revision, lastCommit, now, cancellationToken));
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            StackBytes)
        { IsBackground = true, Name = "techdocs build" };
        thread.Start();
        return done.Task;
    }

    private BuiltSite Build(string revision, GitCommit lastCommit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var warning in tree.Warnings)
        {
            _report.Warn(warning);
        }

        var pages = ReadPages(cancellationToken);
        if (pages.Count == 0)
        {
            throw new NotFoundException($"\"{tree.Root}\" of {tree.Source.CloneUrl} has no Markdown files: there is no documentation to build");
        }

        var assets = tree.Files.Where(file => !SiteUrls.IsPage(file.Path)).Select(file => file.Path).ToList();
        var navigation = new SiteNavigation(pages.ToDictionary(page => page.Source), assets.ToHashSet(), _report).Build(tree.Config.Nav);
        if (pages.All(page => page.Url.Length > 0))
        {
            _report.Warn($"There is no index.md in \"{tree.Root}\": the site has no first page");
        }

        var frame = new SiteFrame(tree.Config.SiteName, navigation, [.. SiteNavigation.Sequence(navigation)], lastCommit, tree.Snapshot.Reference);
        var made = pages.Select(page => page.OutputPath).Concat([SiteStyles.Path, "search/search_index.json", "404.html", "techdocs_metadata.json"]).ToHashSet();
        var kept = assets.Where(path => !made.Contains(path)).ToList();
        var metadata = Metadata(revision, lastCommit, now, [.. made.Concat(kept).Order(StringComparer.Ordinal)]);
        return new BuiltSite(Files(frame, pages, kept, metadata), pages, metadata);
    }

    private List<SitePage> ReadPages(CancellationToken cancellationToken)
    {
        var urls = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        // index.md sorts after README.md, and wins.
        foreach (var file in tree.Files.Where(file => SiteUrls.IsPage(file.Path)).OrderBy(file => DocsPath.NameOf(file.Path).StartsWith("README", StringComparison.Ordinal)))
        {
            if (taken.TryAdd(SiteUrls.OfPage(file.Path), file.Path))
            {
                urls[file.Path] = SiteUrls.OfPage(file.Path);
            }
            else
            {
                _report.Warn($"{file.Path} is left out: {taken[SiteUrls.OfPage(file.Path)]} has the same address");
            }
        }

        var links = new LinkResolver(tree, urls, _report);
        var reader = new PageReader(links, new Snippets(tree, options, _report), _report);
        var pages = new List<SitePage>();
        long total = 0;
        foreach (var (source, url) in urls.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var bytes = tree.Read(source);
            total = Bounded(total + bytes.Length);
            if (bytes.Length > options.MaxPageBytes)
            {
                _report.Warn($"{source} is not shown: found {bytes.Length} bytes; allowed: at most {options.MaxPageBytes}");
                pages.Add(PageReader.PlainText(source, url, $"This page is too large to be shown: {bytes.Length} bytes, at most {options.MaxPageBytes} are allowed."));
            }
            else
            {
                pages.Add(reader.Read(source, url, Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF')));
            }
        }

        links.CheckAnchors(pages.ToDictionary(page => page.Url));
        return pages;
    }

    private IEnumerable<DocsFile> Files(SiteFrame frame, IReadOnlyList<SitePage> pages, IReadOnlyList<string> assets, JsonObject metadata)
    {
        long total = 0;
        foreach (var page in pages)
        {
            var html = Encoding.UTF8.GetBytes(PageFrame.Write(frame, page, tree.Source.FileUrl(tree.InRepository(page.Source)).EditUrl));
            total = Bounded(total + html.Length);
            yield return new DocsFile(page.OutputPath, html);
        }

        foreach (var asset in assets)
        {
            var content = tree.Read(asset);
            total = Bounded(total + content.Length);
            yield return new DocsFile(asset, content);
        }

        yield return new DocsFile(SiteStyles.Path, SiteStyles.Content);
        yield return new DocsFile("404.html", Encoding.UTF8.GetBytes(NotFoundPage));
        yield return new DocsFile("search/search_index.json", SearchIndex(pages));
        yield return new DocsFile("techdocs_metadata.json", JsonSerializer.SerializeToUtf8Bytes(metadata, EntityJson.Options));
    }

    private long Bounded(long total) => total <= options.MaxSiteBytes
        ? total
        : throw new InputException($"The documentation of {tree.Source.EntityRef} is too large; allowed: at most {options.MaxSiteBytes} bytes");

    private static byte[] SearchIndex(IReadOnlyList<SitePage> pages) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            config = new { lang = new[] { "en" }, separator = "[\\s\\-]+", pipeline = new[] { "stopWordFilter" } },
            docs = pages.SelectMany(page => page.Sections.Select(section => new
            {
                location = page.Url + (section.Anchor is null ? "" : $"#{section.Anchor}"),
                title = section.Title,
                text = section.Text,
            })),
        },
        EntityJson.Options);

    private JsonObject Metadata(string revision, GitCommit lastCommit, DateTimeOffset now, IReadOnlyList<string> files) => new()
    {
        ["site_name"] = tree.Config.SiteName,
        ["site_description"] = tree.Config.SiteDescription,
        ["build_timestamp"] = now.ToUnixTimeMilliseconds(),
        ["etag"] = revision,
        ["files"] = new JsonArray([.. files.Select(file => (JsonNode)file)]),
        ["source"] = new JsonObject { ["url"] = tree.Source.Url.ToString(), ["reference"] = tree.Snapshot.Reference, ["commit"] = tree.Snapshot.Commit },
        ["last_commit"] = new JsonObject
        {
            ["id"] = lastCommit.Id,
            ["author"] = lastCommit.AuthorName,
            ["date"] = lastCommit.When.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", null),
            ["message"] = lastCommit.Message,
        },
        ["broken_links"] = new JsonArray([.. _report.BrokenLinks.Select(link => (JsonNode)new JsonObject { ["page"] = link.Page, ["link"] = link.Link, ["reason"] = link.Reason })]),
        ["warnings"] = new JsonArray([.. _report.Warnings.Select(warning => (JsonNode)warning)]),
    };
}
