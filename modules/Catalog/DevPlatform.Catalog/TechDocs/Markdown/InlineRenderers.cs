using Markdig.Extensions.Footnotes;
using Markdig.Extensions.TaskLists;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace DevPlatform.Catalog.TechDocs.Markdown;

/// <summary>Headings with the link to themselves that readers copy.</summary>
internal sealed class DocsHeadingRenderer : HtmlObjectRenderer<HeadingBlock>
{
    protected override void Write(HtmlRenderer renderer, HeadingBlock obj)
    {
        renderer.EnsureLine();
        renderer.Write($"<h{obj.Level}").WriteAttributes(obj).Write('>').WriteLeafInline(obj);
        if (obj.TryGetAttributes()?.Id is { } id)
        {
            renderer.Write("<a class=\"headerlink\" href=\"#").WriteEscape(id).Write("\" title=\"Permanent link\">¶</a>");
        }

        renderer.WriteLine($"</h{obj.Level}>");
    }
}

/// <summary>Task list boxes as MkDocs Material draws them.</summary>
internal sealed class DocsTaskListRenderer : HtmlObjectRenderer<TaskList>
{
    protected override void Write(HtmlRenderer renderer, TaskList obj) => renderer.Write(
        $"<label class=\"task-list-control\"><input type=\"checkbox\" disabled{(obj.Checked ? " checked" : "")}><span class=\"task-list-indicator\"></span></label>");
}

/// <summary>Links to footnotes as MkDocs Material styles them.</summary>
internal sealed class DocsFootnoteLinkRenderer : HtmlObjectRenderer<FootnoteLink>
{
    protected override void Write(HtmlRenderer renderer, FootnoteLink obj)
    {
        var order = obj.Footnote.Order;
        renderer.Write(obj.IsBackLink
            ? $"<a class=\"footnote-backref\" href=\"#fnref:{obj.Index}\" title=\"Jump back to footnote {order} in the text\">↩</a>"
            : $"<sup id=\"fnref:{obj.Index}\"><a class=\"footnote-ref\" href=\"#fn:{order}\">{order}</a></sup>");
    }
}
