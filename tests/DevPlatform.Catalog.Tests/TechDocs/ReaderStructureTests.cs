using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace DevPlatform.Catalog.Tests.TechDocs;

/// <summary>What the upstream TechDocs reader selects in a page and does with it (@backstage/plugin-techdocs, its transformers).</summary>
public sealed class ReaderStructureTests
{
    private const string Nav = """
        site_name: Reader & site
        site_description: For the reader
        nav:
          - Home: index.md
          - Guides:
              - guide/install.md
              - Deep:
                  - Under: guide/deep/under.md
          - Elsewhere: https://example.com/x
          - Lost: lost.md
        """;

    private static (string Path, string Text)[] Docs(string? config) =>
    [
        .. config is null ? [] : new[] { ("mkdocs.yml", config) },
        ("docs/index.md", "# Welcome\n\n## One\n\n### One a\n\n## Two\n\n[Install](guide/install.md) ![Logo](img/a%20b.png)\n"),
        ("docs/guide/install.md", "No heading, [home](../index.md#two), ![Logo](../img/a b.png).\n"),
        ("docs/guide/deep/under.md", "---\ntitle: Under all\n---\n## Only\n"),
        ("docs/img/a b.png", "png"),
    ];

    [Fact]
    public async Task The_reader_finds_what_it_removes_moves_and_fills()
    {
        using var docs = new DocsRepository(Docs(Nav));
        var page = Parse(await docs.PageAsync("guide/deep/under/index.html"));
        // removeMkdocsHeader, addSidebarToggle
        page.QuerySelectorAll(".md-header").Length.ShouldBe(1);
        page.QuerySelector(".md-header label[for=\"__drawer\"]").ShouldNotBeNull();
        page.QuerySelectorAll("article").Length.ShouldBe(1);
        // sidebars, positioned by class; the drawer's checkbox is a sibling before the container
        page.QuerySelector("[data-md-toggle=drawer] ~ .md-container .md-sidebar--primary").ShouldNotBeNull();
        page.QuerySelector(".md-sidebar--secondary .md-nav--secondary").ShouldNotBeNull();
        page.QuerySelectorAll(".md-sidebar .md-sidebar__scrollwrap").Length.ShouldBe(2);
        page.QuerySelector(".md-nav__title")!.GetAttribute("for").ShouldBe("__drawer");
        page.QuerySelector(".md-container > .md-footer").ShouldNotBeNull();
        page.QuerySelector(".md-content article.md-content__inner.md-typeset").ShouldNotBeNull();
        // addGitFeedbackLink: the link to edit, the title from article > h1
        page.QuerySelector<IHtmlAnchorElement>("[title=\"Edit this page\"]")!.Href.ShouldBe("https://git.example.com/acme/docs/_edit/branch/main/docs/guide/deep/under.md");
        page.QuerySelector("article > h1")!.TextContent.ShouldBe("Under");
        // the only style sheet it keeps
        var style = page.QuerySelectorAll("link").ShouldHaveSingleItem().GetAttribute("href")!;
        style.ShouldMatch(@"main\.[A-Fa-f0-9]{8}\.min\.css$");
        style.ShouldStartWith("../../../assets/");
        (await docs.BuildAsync()).Files.ShouldContainKey(style[9..]);
        page.QuerySelectorAll("script").ShouldBeEmpty();
    }

    [Fact]
    public async Task Navigation_is_the_one_written_and_marks_where_one_is()
    {
        using var docs = new DocsRepository(Docs(Nav));
        var (_, files, report) = await docs.BuildAsync();
        var page = Parse(files["guide/deep/under/index.html"]);
        Links(page, ".md-nav--primary a").ShouldBe(["Home ../../../", "Install ../../install/", "Under ./", "Elsewhere https://example.com/x"]);
        page.QuerySelectorAll(".md-nav__item--active").Select(item => item.QuerySelector(".md-ellipsis")!.TextContent).ShouldBe(["Guides", "Deep", "Under"]);
        page.QuerySelectorAll(".md-nav__item--nested > input:checked").Length.ShouldBe(2);
        page.QuerySelectorAll("label.md-nav__link[for]").ShouldAllBe(label => page.GetElementById(label.GetAttribute("for")!) is IHtmlInputElement);
        Links(page, ".md-footer a").ShouldBe(["PreviousInstall ../../install/"]);
        report.BrokenLinks.ShouldHaveSingleItem().Link.ShouldBe("lost.md");
    }

    [Fact]
    public async Task Navigation_follows_from_the_files_when_none_is_written()
    {
        using var docs = new DocsRepository(Docs(null));
        var page = Parse(await docs.PageAsync());
        Links(page, ".md-nav--primary a").ShouldBe(["Welcome ./", "Install guide/install/", "Under all guide/deep/under/"]);
        page.QuerySelectorAll(".md-nav__item--nested > label").Select(label => label.TextContent.Trim()).ShouldBe(["Guide", "Deep"]);
        page.QuerySelector("label.md-nav__title")!.TextContent.ShouldBe("docs");
    }

    [Fact]
    public async Task The_table_of_contents_nests_as_the_headings_do()
    {
        using var docs = new DocsRepository(Docs(Nav));
        var page = Parse(await docs.PageAsync());
        Links(page, ".md-nav--secondary > ul > li > a").ShouldBe(["One #one", "Two #two"]);
        Links(page, ".md-nav--secondary nav a").ShouldBe(["One a #one-a"]);
        page.QuerySelectorAll(".md-nav--secondary a").ShouldAllBe(link => page.GetElementById(link.GetAttribute("href")!.Substring(1)) != null);
    }

    [Fact]
    public async Task Links_and_pictures_lead_from_page_to_page()
    {
        using var docs = new DocsRepository(Docs(Nav));
        var (site, files, _) = await docs.BuildAsync();
        Links(Parse(files["index.html"]), "article p a").ShouldBe(["Install guide/install/"]);
        Parse(files["index.html"]).QuerySelector("article img")!.GetAttribute("src").ShouldBe("img/a%20b.png");
        Links(Parse(files["guide/install/index.html"]), "article p a").ShouldBe(["home ../../#two"]);
        files["search/search_index.json"].ShouldContain("{\"location\":\"guide/deep/under/#only\",\"title\":\"Only\",\"text\":\"\"}");
        site.Metadata["site_name"]!.GetValue<string>().ShouldBe("Reader & site");
        site.Metadata["site_description"]!.GetValue<string>().ShouldBe("For the reader");
        site.Metadata["last_commit"]!["author"]!.GetValue<string>().ShouldBe("Ana");
        site.Metadata["files"]!.AsArray().Select(file => file!.GetValue<string>()).ShouldBe(files.Keys, ignoreOrder: true);
        site.Metadata["broken_links"]!.AsArray().Count.ShouldBe(1);
    }

    private static IHtmlDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    private static List<string> Links(IParentNode page, string selector) =>
        [.. page.QuerySelectorAll(selector).Select(link => $"{link.TextContent.Trim()} {link.GetAttribute("href")}")];
}
