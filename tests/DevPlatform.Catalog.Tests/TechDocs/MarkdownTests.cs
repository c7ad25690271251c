using AngleSharp.Html.Parser;
using DevPlatform.TestKit;

namespace DevPlatform.Catalog.Tests.TechDocs;

/// <summary>What authors write, and the HTML that comes of it.</summary>
public sealed class MarkdownTests
{
    private static readonly string Golden = Repository.PathOf("tests", "DevPlatform.Catalog.Tests", "TechDocs", "Golden");

    /// <summary>With UPDATE_GOLDEN=1 the file is written anew; the difference is for review.</summary>
    [Fact]
    public async Task Every_feature_comes_out_as_the_golden_file_says()
    {
        using var docs = new DocsRepository(
            ("docs/index.md", await File.ReadAllTextAsync(Path.Combine(Golden, "features.md"))), ("docs/guide/setup.md", "# Setup\n\n## Second part\n"),
            ("docs/img/logo.png", "png"), ("catalog-info.yaml", "kind: Component"));
        var (_, files, report) = await docs.BuildAsync();
        var content = new HtmlParser().ParseDocument(files["index.html"]).QuerySelector("article")!;
        content.QuerySelector(".md-source-file")!.Remove();
        var article = content.InnerHtml.Trim() + "\n";
        var file = Path.Combine(Golden, "features.html");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, article);
        }

        article.ShouldBe(await File.ReadAllTextAsync(file));
        report.BrokenLinks.Select(link => $"{link.Page} {link.Link}: {link.Reason}").ShouldBe(
            ["index.md missing.md: there is no such file", "index.md #nowhere: index.md has no heading or id \"nowhere\""]);
        report.Warnings.ShouldBeEmpty();
    }
}
