using System.Text;
using AngleSharp.Dom;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>A page's text: headings, what stands below each, and the ids that links can lead to.</summary>
internal sealed record PageText(string All, IReadOnlyList<Heading> Headings, IReadOnlyList<SearchSection> Sections, IReadOnlySet<string> Ids)
{
    public static PageText Of(IElement body)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var headings = new List<Heading>();
        var texts = new List<StringBuilder>();
        var all = new StringBuilder();
        IElement? inHeading = null;
        foreach (var node in body.Descendants())
        {
            if (node is IElement element)
            {
                Collect(element);
            }
            else if (node is IText text && text.ParentElement is { } parent && !IsWithin(parent, element => element.ClassList.Contains("headerlink")))
            {
                Append(all, text.Data);
                if (texts.Count > 0 && (inHeading is null || !inHeading.Contains(text)))
                {
                    Append(texts[^1], text.Data);
                }
            }
        }

        var sections = headings.Select((heading, i) => new SearchSection(heading.Id, heading.Text, texts[i].ToString().Trim()));
        return new PageText(all.ToString().Trim(), headings, [.. sections], ids);

        void Collect(IElement element)
        {
            if (element.Id is { Length: > 0 } id)
            {
                ids.Add(id);
                if (element.LocalName is ['h', >= '1' and <= '6'])
                {
                    inHeading = element;
                    headings.Add(new Heading(element.LocalName[1] - '0', id, TextOf(element)));
                    texts.Add(new StringBuilder());
                }
            }

            if (element.LocalName == "a" && element.GetAttribute("name") is { Length: > 0 } name)
            {
                ids.Add(name);
            }
        }
    }

    private static string TextOf(IElement heading)
    {
        var text = new StringBuilder();
        foreach (var node in heading.Descendants<IText>().Where(node => !IsWithin(node.ParentElement, element => element.ClassList.Contains("headerlink"))))
        {
            text.Append(node.Data);
        }

        return text.ToString().Trim();
    }

    private static bool IsWithin(IElement? element, Func<IElement, bool> which) => element is not null && which(element);

    private static void Append(StringBuilder builder, string text)
    {
        var space = builder.Length > 0 && builder[^1] != ' ';
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
            {
                builder.Append(space ? " " : "").Append(c);
                space = false;
            }
            else
            {
                space = builder.Length > 0 && builder[^1] != ' ';
            }
        }
    }
}
