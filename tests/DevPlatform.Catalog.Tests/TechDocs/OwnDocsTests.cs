using DevPlatform.TestKit;

namespace DevPlatform.Catalog.Tests.TechDocs;

/// <summary>The docs in this repository: its own and those of the example organization.</summary>
public sealed class OwnDocsTests
{
    public static TheoryData<string> Sites => [.. Directory.EnumerateFiles(Repository.PathOf("seed"), "mkdocs.yml", SearchOption.AllDirectories)
        .Where(file => !file.Contains("skeleton", StringComparison.Ordinal))
        .Select(file => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!)).Append(".").Distinct().Order()];

    [Theory]
    [MemberData(nameof(Sites))]
    public async Task Build_without_a_broken_link_or_warning(string directory)
    {
        var root = Repository.PathOf(directory);
        var files = Directory.EnumerateFiles(Path.Combine(root, "docs"), "*", SearchOption.AllDirectories).Append(Path.Combine(root, "mkdocs.yml"))
            .Concat(Directory.EnumerateFiles(root, "*.yaml").Concat(Directory.EnumerateFiles(root, "*.md")))
            .Select(file => (Path.GetRelativePath(root, file), File.ReadAllBytes(file)));
        using var docs = new DocsRepository();
        docs.Commit(files);
        var (site, pages, report) = await docs.BuildAsync();
        report.BrokenLinks.ShouldBeEmpty();
        report.Warnings.ShouldBeEmpty();
        site.Pages.Count.ShouldBeGreaterThanOrEqualTo(2);
        pages.ShouldContainKey("index.html");
    }
}
