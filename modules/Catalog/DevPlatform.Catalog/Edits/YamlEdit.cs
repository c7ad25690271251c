using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Shared.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDocument = DevPlatform.Catalog.Ingestion.YamlDocument;

namespace DevPlatform.Catalog.Edits;

/// <summary>
/// Changes fields of one entity in a catalog file and leaves every other line as its author wrote it, comments included. The result is read again
/// and compared with what was wanted: a file that this cannot change exactly (anchors, unusual layouts) is refused, never damaged.
/// </summary>
internal static class YamlEdit
{
    private static readonly YamlLimits Limits = new();

    /// <summary>Sets fields; a null value removes one.</summary>
    /// <exception cref="ConflictException">The file does not hold the entity, or cannot be changed in place.</exception>
    public static string Set(string text, string entityRef, IReadOnlyList<(string[] Path, JsonNode? Value)> fields)
    {
        var document = Find(text, entityRef);
        var wanted = (JsonObject)document.Node!.DeepClone();
        var result = text;
        foreach (var (path, value) in fields)
        {
            Apply(wanted, path, value);
            result = SetOne(result, entityRef, path, value);
        }

        return YamlDocuments.Parse(result, Limits).ElementAtOrDefault(document.Index) is { Error: null } after && JsonNode.DeepEquals(after.Node, wanted)
            ? result
            : throw Refused(entityRef);
    }

    /// <summary>Removes the entity's document; null when nothing but comments is left.</summary>
    public static string? Remove(string text, string entityRef)
    {
        var document = Find(text, entityRef);
        var lines = text.Split('\n').ToList();
        var (start, end) = Range(lines, document);
        lines.RemoveRange(start, end - start);
        var result = string.Join('\n', lines);
        return YamlDocuments.Parse(result, Limits).Count == 0 ? null : result;
    }

    /// <summary>What a field's change makes of an entity.</summary>
    public static void Apply(JsonObject entity, string[] path, JsonNode? value)
    {
        var parent = entity;
        foreach (var name in path[..^1])
        {
            parent = EntityJson.Object(parent, name);
        }

        if (value is null)
        {
            parent.Remove(path[^1]);
        }
        else
        {
            parent[path[^1]] = value.DeepClone();
        }
    }

    private static ConflictException Refused(string entityRef) =>
        new($"The file of {entityRef} is laid out in a way that cannot be changed here: change it in its repository");

    private static YamlDocument Find(string text, string entityRef) =>
        YamlDocuments.Parse(text, Limits).FirstOrDefault(d => EntityJson.TryRef(d.Node) == entityRef)
        ?? throw new ConflictException($"The file no longer holds {entityRef}");

    /// <summary>The document's lines, its marker included: from, to (exclusive), counted from 0.</summary>
    private static (int Start, int End) Range(List<string> lines, YamlDocument document)
    {
        var start = document.Line - 1;
        var end = start + 1;
        while (end < lines.Count && !YamlDocuments.IsMarker(lines[end]))
        {
            end++;
        }

        return (start, end);
    }

    private static string SetOne(string text, string entityRef, string[] path, JsonNode? value)
    {
        var lines = text.Split('\n').ToList();
        var document = Find(text, entityRef);
        var (start, end) = Range(lines, document);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(string.Join('\n', lines[start..end])));
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException)
        {
            throw Refused(entityRef);
        }

        var root = stream.Documents[0].RootNode as YamlMappingNode ?? throw Refused(entityRef);
        var carriage = lines[start].EndsWith('\r') ? "\r" : "";
        Change(lines, root, start, end, (JsonObject)document.Node!, path, value, carriage);
        return string.Join('\n', lines);
    }

    /// <param name="lines">All lines of the file.</param>
    /// <param name="mapping">A block mapping, with marks counted from the document's first line.</param>
    /// <param name="start">The document's first line.</param>
    /// <param name="end">The line after the mapping's last.</param>
    /// <param name="current">The mapping's content.</param>
    /// <param name="path">The field below the mapping.</param>
    /// <param name="value">Its new value, or null to remove it.</param>
    /// <param name="carriage">What lines end with before the line feed.</param>
    private static void Change(List<string> lines, YamlMappingNode mapping, int start, int end, JsonObject current, string[] path, JsonNode? value, string carriage)
    {
        var keys = mapping.Children.Keys.OfType<YamlScalarNode>().ToList();
        var indent = (int)keys[0].Start.Column - 1;
        var at = keys.FindIndex(key => key.Value == path[0]);
        if (at < 0)
        {
            if (value is not null)
            {
                lines.InsertRange(Content(lines, LineOf(keys[^1]), end), Emit(path[0], Nest(path[1..], value), indent, carriage));
            }

            return;
        }

        var from = LineOf(keys[at]);
        var to = Content(lines, from, at + 1 < keys.Count ? LineOf(keys[at + 1]) : end);
        var child = mapping.Children[keys[at]];
        if (path.Length > 1 && child is YamlMappingNode { Style: not MappingStyle.Flow, Children.Count: > 0 } inner && inner.Start.Line > keys[at].Start.Line && !Empties(current, path, value))
        {
            Change(lines, inner, start, to, (JsonObject)current[path[0]]!, path[1..], value, carriage);
            return;
        }

        var after = (JsonObject)current.DeepClone();
        Apply(after, path, value);
        lines.RemoveRange(from, to - from);
        if (after[path[0]] is { } rest)
        {
            lines.InsertRange(from, Emit(path[0], rest, indent, carriage));
        }

        int LineOf(YamlScalarNode key) => start + (int)key.Start.Line - 1;
    }

    // A mapping that loses its last field would read as nothing.
    private static bool Empties(JsonObject current, string[] path, JsonNode? value) =>
        value is null && path.Length == 2 && current[path[0]] is JsonObject { Count: 1 } only && only.ContainsKey(path[1]);

    // Blank lines and comments before the next field belong to that.
    private static int Content(List<string> lines, int from, int end)
    {
        while (end > from + 1 && (string.IsNullOrWhiteSpace(lines[end - 1]) || lines[end - 1].TrimStart().StartsWith('#')))
        {
            end--;
        }

        return end;
    }

    private static JsonNode Nest(string[] path, JsonNode value) =>
        path.Length == 0 ? value.DeepClone() : new JsonObject { [path[0]] = Nest(path[1..], value) };

    private static IEnumerable<string> Emit(string key, JsonNode? value, int indent, string carriage) => YamlText.Lines(key, value, indent).Select(line => line + carriage);
}
