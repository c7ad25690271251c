using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.TaskLists;
using Markdig.Parsers.Inlines;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;

namespace DevPlatform.Catalog.TechDocs.Markdown;

/// <summary>
/// Markdown as TechDocs authors write it: CommonMark with the extensions that MkDocs' <c>techdocs-core</c> turns on, as far as they need no
/// program of their own. The HTML has MkDocs Material's class names, which the reader and its add-ons select by.
/// </summary>
internal sealed class DocsMarkdown : IMarkdownExtension
{
    private static readonly MarkdownPipeline Pipeline = Build();

    public static MarkdownDocument Parse(string text) => Markdig.Markdown.Parse(text, Pipeline);

    /// <summary>HTML that may still hold whatever HTML the author wrote: it goes through <see cref="HtmlCleaner"/> before anyone sees it.</summary>
    public static string Render(MarkdownDocument document)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return writer.ToString();
    }

    void IMarkdownExtension.Setup(MarkdownPipelineBuilder pipeline)
    {
        pipeline.BlockParsers.Insert(0, new AdmonitionParser());
        pipeline.BlockParsers.Insert(0, new TabParser());
        var emphasis = pipeline.InlineParsers.FindExact<EmphasisInlineParser>()!;
        emphasis.EmphasisDescriptors.Add(new EmphasisDescriptor('^', 1, 2, enableWithinWord: true));
        var tasks = pipeline.InlineParsers.FindExact<TaskListInlineParser>()!;
        tasks.ListClass = "task-list";
        tasks.ListItemClass = "task-list-item";
    }

    void IMarkdownExtension.Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
    {
        var renderers = renderer.ObjectRenderers;
        renderers.Replace<HeadingRenderer>(new DocsHeadingRenderer());
        renderers.Replace<CodeBlockRenderer>(new DocsCodeBlockRenderer());
        renderers.Replace<HtmlTaskListRenderer>(new DocsTaskListRenderer());
        renderers.Replace<HtmlFootnoteLinkRenderer>(new DocsFootnoteLinkRenderer());
        renderers.FindExact<HtmlFootnoteGroupRenderer>()!.GroupClass = "footnote";
        renderers.Insert(0, new AdmonitionRenderer());
        renderers.Insert(0, new TabRenderer());
        var emphasis = renderers.FindExact<EmphasisInlineRenderer>()!;
        var usual = emphasis.GetTag;
        emphasis.GetTag = inline => inline is { DelimiterChar: '^', DelimiterCount: 2 } ? "ins" : usual(inline);
    }

    private static MarkdownPipeline Build() => new MarkdownPipelineBuilder()
        .UseYamlFrontMatter()
        .UseAbbreviations()
        .UseDefinitionLists()
        .UseFootnotes()
        .UsePipeTables()
        .UseTaskLists()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough | EmphasisExtraOptions.Subscript | EmphasisExtraOptions.Marked)
        .UseAutoLinks()
        .UseEmojiAndSmiley(enableSmileys: false)
        .Use(new DocsMarkdown())
        .UseGenericAttributes()
        .Build();
}
