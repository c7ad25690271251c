using System.Net;
using DevPlatform.Catalog.TechDocs.Highlighting;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace DevPlatform.Catalog.TechDocs.Markdown;

/// <summary>
/// Code blocks in the shape that Pygments gives MkDocs, coloured here. Mermaid diagrams stay text in <c>pre.mermaid</c>, where the reader's
/// Mermaid add-on finds them.
/// </summary>
internal sealed class DocsCodeBlockRenderer : HtmlObjectRenderer<CodeBlock>
{
    protected override void Write(HtmlRenderer renderer, CodeBlock obj)
    {
        var fence = obj as FencedCodeBlock;
        var info = FenceInfo.Parse(fence?.Info, fence?.Arguments);
        var code = obj.Lines.ToString();
        renderer.EnsureLine();
        if (info.Language == "mermaid")
        {
            renderer.WriteLine($"<pre class=\"mermaid\"><code>{WebUtility.HtmlEncode(code)}</code></pre>");
            return;
        }

        var language = CodeHighlighter.NameOf(info.Language);
        renderer.Write($"<div class=\"{(language is null ? "highlight" : $"language-{language} highlight")}\">");
        if (info.Title is not null)
        {
            renderer.Write($"<span class=\"filename\">{WebUtility.HtmlEncode(info.Title)}</span>");
        }

        renderer.Write("<pre><span></span><code>");
        var number = 1;
        foreach (var line in CodeHighlighter.Lines(code, language))
        {
            var marked = info.HighlightedLines.Contains(number);
            renderer.Write(marked ? "<span class=\"hll\">" : "");
            if (info.FirstLineNumber is { } first)
            {
                renderer.Write($"<span class=\"linenos\" data-linenos=\"{first + number - 1} \"></span>");
            }

            renderer.Write(line).Write('\n').Write(marked ? "</span>" : "");
            number++;
        }

        renderer.WriteLine("</code></pre></div>");
    }
}
