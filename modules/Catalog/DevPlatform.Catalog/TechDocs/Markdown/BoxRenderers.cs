using System.Net;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace DevPlatform.Catalog.TechDocs.Markdown;

/// <summary>Writes <see cref="AdmonitionBlock"/>s as MkDocs Material styles them.</summary>
internal sealed class AdmonitionRenderer : HtmlObjectRenderer<AdmonitionBlock>
{
    protected override void Write(HtmlRenderer renderer, AdmonitionBlock obj)
    {
        var title = obj.Title ?? (obj.Type.Length == 0 ? "" : char.ToUpperInvariant(obj.Type[0]) + obj.Type[1..]);
        renderer.EnsureLine();
        if (obj.Folds)
        {
            renderer.WriteLine($"<details class=\"{obj.Classes}\"{(obj.Open ? " open=\"open\"" : "")}>");
            renderer.WriteLine($"<summary>{WebUtility.HtmlEncode(title.Length == 0 ? "Details" : title)}</summary>");
        }
        else
        {
            renderer.WriteLine($"<div class=\"admonition {obj.Classes}\">");
            if (title.Length > 0)
            {
                renderer.WriteLine($"<p class=\"admonition-title\">{WebUtility.HtmlEncode(title)}</p>");
            }
        }

        Boxes.WriteChildren(renderer, obj);
        renderer.WriteLine(obj.Folds ? "</details>" : "</div>");
    }
}

/// <summary>Writes a run of neighbouring <see cref="TabBlock"/>s as one set; radio buttons switch it, no script does.</summary>
internal sealed class TabRenderer : HtmlObjectRenderer<TabBlock>
{
    private static readonly object SetCount = new();

    protected override void Write(HtmlRenderer renderer, TabBlock obj)
    {
        var siblings = obj.Parent!;
        var at = siblings.IndexOf(obj);
        if (!obj.StartsSet && at > 0 && siblings[at - 1] is TabBlock)
        {
            // Written with the first of its set.
            return;
        }

        var tabs = siblings.Skip(at).TakeWhile((block, i) => block is TabBlock tab && (i == 0 || !tab.StartsSet)).Cast<TabBlock>().ToList();
        var document = Root(obj);
        var set = (document.GetData(SetCount) as int? ?? 0) + 1;
        document.SetData(SetCount, set);
        renderer.EnsureLine();
        renderer.Write($"<div class=\"tabbed-set tabbed-alternate\" data-tabs=\"{set}:{tabs.Count}\">");
        for (var i = 1; i <= tabs.Count; i++)
        {
            renderer.Write($"<input{(i == 1 ? " checked=\"checked\"" : "")} id=\"__tabbed_{set}_{i}\" name=\"__tabbed_{set}\" type=\"radio\">");
        }

        renderer.Write("<div class=\"tabbed-labels\">");
        for (var i = 1; i <= tabs.Count; i++)
        {
            renderer.Write($"<label for=\"__tabbed_{set}_{i}\">{WebUtility.HtmlEncode(tabs[i - 1].Title)}</label>");
        }

        renderer.WriteLine("</div>").WriteLine("<div class=\"tabbed-content\">");
        foreach (var tab in tabs)
        {
            renderer.WriteLine("<div class=\"tabbed-block\">");
            Boxes.WriteChildren(renderer, tab);
            renderer.WriteLine("</div>");
        }

        renderer.WriteLine("</div>").WriteLine("</div>");
    }

    private static MarkdownDocument Root(Block block)
    {
        while (block.Parent is { } parent)
        {
            block = parent;
        }

        return (MarkdownDocument)block;
    }
}

/// <summary>What boxes share.</summary>
internal static class Boxes
{
    public static void WriteChildren(HtmlRenderer renderer, ContainerBlock block)
    {
        // In a tight list paragraphs have no tags; in a box inside it they have.
        var saved = renderer.ImplicitParagraph;
        renderer.ImplicitParagraph = false;
        renderer.WriteChildren(block);
        renderer.ImplicitParagraph = saved;
        renderer.EnsureLine();
    }
}
