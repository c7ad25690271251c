using System.Text;
using System.Text.RegularExpressions;
using DevPlatform.Catalog.TechDocs.Sources;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>
/// Lines <c>--8&lt;-- "path"</c>, which stand for a file of the same repository (a README, say). Paths are relative to <c>mkdocs.yml</c>; nothing
/// outside the repository can be named.
/// </summary>
internal sealed partial class Snippets(DocsTree tree, TechDocsOptions options, BuildReport report)
{
    private const int MaxDepth = 5;
    private const int MaxPerPage = 200;

    private int _inserted;

    public string Insert(string page, string markdown)
    {
        _inserted = 0;
        return Insert(page, markdown, 0, new StringBuilder());
    }

    private string Insert(string page, string markdown, int depth, StringBuilder result)
    {
        if (!markdown.Contains("--8<--", StringComparison.Ordinal))
        {
            return markdown;
        }

        foreach (var line in markdown.Split('\n'))
        {
            var match = Line().Match(line);
            if (!match.Success)
            {
                result.Append(line).Append('\n');
            }
            else if (Read(page, match.Groups["path"].Value, depth) is { } text)
            {
                var inserted = Insert(page, text, depth + 1, new StringBuilder());
                if (result.Length + inserted.Length <= options.MaxPageBytes)
                {
                    var indent = match.Groups["indent"].Value;
                    result.AppendJoin('\n', inserted.TrimEnd().Split('\n').Select(part => indent + part)).Append('\n');
                }
                else
                {
                    report.Warn($"{page}: snippets make the page longer than {options.MaxPageBytes} bytes; the rest is left out");
                }
            }
        }

        return result.ToString();
    }

    private string? Read(string page, string path, int depth)
    {
        var target = DocsPath.Combine(tree.Source.Directory, path);
        try
        {
            if (depth < MaxDepth && ++_inserted <= MaxPerPage && target is not null && tree.RepositoryHas(target))
            {
                return tree.Snapshot.ReadText(target);
            }
        }
        catch (PlatformException e)
        {
            report.Broken(page, path, e.Message);
            return null;
        }

        report.Broken(page, path, depth >= MaxDepth ? $"snippets nest deeper than {MaxDepth}" : _inserted > MaxPerPage ? $"more than {MaxPerPage} snippets" : "there is no such file for a snippet");
        return null;
    }

    [GeneratedRegex("""^(?<indent>[ \t]*)--8<--[ \t]+"(?<path>[^"]+)"[ \t]*\r?$""", RegexOptions.None, 1000)]
    private static partial Regex Line();
}
