using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>One document of a YAML file.</summary>
/// <param name="Index">0-based position in the file.</param>
/// <param name="Line">1-based line where it starts.</param>
/// <param name="Node">Its content as JSON; null when it is empty or <paramref name="Error"/> is set.</param>
/// <param name="Error">Why it cannot be read.</param>
/// <param name="ErrorLine">Line of the error.</param>
internal sealed record YamlDocument(int Index, int Line, JsonNode? Node, string? Error = null, int ErrorLine = 0)
{
    /// <summary>Its text.</summary>
    public string Text { get; init; } = "";
}

/// <summary>
/// Splits a file at <c>---</c> and reads each document for itself, so that one that is malformed does not take the others with it.
/// </summary>
internal static class YamlDocuments
{
    public static IReadOnlyList<YamlDocument> Parse(string text, YamlLimits limits)
    {
        var documents = new List<YamlDocument>();
        foreach (var (line, chunk) in Split(text))
        {
            if (documents.Count == limits.MaxDocuments)
            {
                documents.Add(new YamlDocument(documents.Count, line, null, $"more than {limits.MaxDocuments} documents; the rest is not read", line));
                break;
            }

            var document = ParseOne(documents.Count, line, chunk, limits);
            if (document is not null)
            {
                documents.Add(document with { Text = chunk });
            }
        }

        return documents;
    }

    /// <summary>Finds the lines of a document's fields, for error messages: a field that is not there has its parent's line.</summary>
    public static Func<string, int> LinesOf(YamlDocument document, YamlLimits limits)
    {
        var lines = new Lazy<Dictionary<string, int>>(() =>
        {
            var found = new Dictionary<string, int>(StringComparer.Ordinal);
            _ = new YamlReader(document.Text, limits, found).Read();
            return found;
        });
        return path =>
        {
            for (var at = path; at.Length > 0; at = at.Contains('.', StringComparison.Ordinal) ? at[..at.LastIndexOf('.')] : "")
            {
                if (lines.Value.TryGetValue(at, out var line))
                {
                    return document.Line + line - 1;
                }
            }

            return document.Line;
        };
    }

    private static YamlDocument? ParseOne(int index, int line, string chunk, YamlLimits limits)
    {
        YamlReader? reader = null;
        try
        {
            reader = new YamlReader(chunk, limits);
            var node = reader.Read();
            return node is null ? null : new YamlDocument(index, line, node);
        }
        catch (YamlException e)
        {
            return new YamlDocument(index, line, null, e.Message, line + (int)Math.Max(1, e.Start.Line) - 1);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
        {
            // The scanner meets some malformed input with these.
            return new YamlDocument(index, line, null, "not valid YAML after this line", line + Math.Max(1, reader?.Line ?? 1) - 1);
        }
    }

    // "---" at the start of a line is a document marker everywhere in YAML, block and quoted scalars included.
    private static IEnumerable<(int Line, string Text)> Split(string text)
    {
        var (start, startLine, line) = (0, 1, 1);
        for (var at = 0; at <= text.Length; line++)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            if (at > start && IsMarker(text.AsSpan(at, end - at)))
            {
                // The line break before a marker belongs to what ends there: a block scalar keeps it.
                if (Chunk(start, at) is { } chunk)
                {
                    yield return (startLine, chunk);
                }

                (start, startLine) = (at, line);
            }

            at = end + 1;
        }

        if (Chunk(start, text.Length) is { } last)
        {
            yield return (startLine, last);
        }

        string? Chunk(int from, int to)
        {
            var chunk = text.AsSpan(from, to - from);
            return !chunk.StartsWith('%') && chunk.ContainsAnyExcept(" \t\r\n-") ? chunk.ToString() : null;
        }
    }

    /// <summary>Whether a document begins at a line.</summary>
    public static bool IsMarker(ReadOnlySpan<char> line) => line.StartsWith("---") && (line.Length == 3 || char.IsWhiteSpace(line[3]));
}

/// <summary>What bounds the reading of YAML, so that small input cannot become large work.</summary>
/// <param name="MaxNodes">Nodes of one document after aliases are expanded.</param>
/// <param name="MaxDepth">Nesting.</param>
/// <param name="MaxDocuments">Documents of one file.</param>
internal sealed record YamlLimits(int MaxNodes = 200_000, int MaxDepth = 64, int MaxDocuments = 100_000);
