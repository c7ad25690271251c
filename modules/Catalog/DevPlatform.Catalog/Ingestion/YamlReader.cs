using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>
/// Reads one YAML document as JSON with YAML 1.2's core schema (<c>yes</c> is a string), anchors and merge keys. Aliases count every node
/// that they repeat.
/// </summary>
/// <param name="text">The document.</param>
/// <param name="limits">Bounds.</param>
/// <param name="lines">When given, receives the line of every field by its dotted path.</param>
internal sealed partial class YamlReader(string text, YamlLimits limits, Dictionary<string, int>? lines = null)
{
    private readonly Parser _parser = new(new StringReader(text));
    private readonly Dictionary<string, (JsonNode? Node, int Count)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    /// <summary>The line reached, 1-based.</summary>
    public int Line { get; private set; } = 1;

    public JsonNode? Read()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var node = Node("", 0);
        _parser.Consume<DocumentEnd>();
        return node;
    }

    private JsonNode? Node(string path, int depth)
    {
        var start = _parser.Current!.Start;
        Line = (int)start.Line;
        if (depth > limits.MaxDepth)
        {
            throw new YamlException(start, start, $"nested too deeply; allowed: {limits.MaxDepth} levels");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            var (target, count) = _anchors.TryGetValue(alias.Value.Value, out var found)
                ? found
                : throw new YamlException(alias.Start, alias.End, $"alias *{alias.Value} has no anchor before it");
            Count(count, alias.Start);
            return target?.DeepClone();
        }

        var anchor = _parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored ? anchored.Anchor.Value : null;
        var before = _nodes;
        Count(1, start);
        JsonNode? node = _parser.Current switch
        {
            MappingStart => Mapping(path, depth),
            SequenceStart => Sequence(path, depth),
            _ => Scalar(_parser.Consume<Scalar>()),
        };
        if (anchor is not null)
        {
            _anchors[anchor] = (node, _nodes - before);
        }

        return node;
    }

    private JsonObject Mapping(string path, int depth)
    {
        _parser.Consume<MappingStart>();
        var result = new JsonObject();
        var merged = new List<JsonNode?>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (_parser.Current is not NodeEvent || _parser.Current is not YamlDotNet.Core.Events.Scalar)
            {
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key must be plain text");
            }

            var key = _parser.Consume<Scalar>();
            var at = PathOf(path, key.Value);
            lines?.TryAdd(at, (int)key.Start.Line);
            var value = Node(at, depth + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged.Add(value);
            }
            else if (!result.TryAdd(key.Value, value))
            {
                throw new YamlException(key.Start, key.End, $"key \"{key.Value}\" appears twice");
            }
        }

        foreach (var source in merged.SelectMany(node => node is JsonArray list ? list.AsEnumerable() : [node]).OfType<JsonObject>())
        {
            foreach (var (key, value) in source)
            {
                result.TryAdd(key, value?.DeepClone());
            }
        }

        return result;
    }

    private JsonArray Sequence(string path, int depth)
    {
        _parser.Consume<SequenceStart>();
        var result = new JsonArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var at = PathOf(path, result.Count);
            lines?.TryAdd(at, (int)_parser.Current!.Start.Line);
            result.Add(Node(at, depth + 1));
        }

        return result;
    }

    // Paths are for lines.
    private string PathOf<T>(string parent, T name) => lines is null ? "" : parent.Length == 0 ? $"{name}" : $"{parent}.{name}";

    private static JsonValue? Scalar(Scalar scalar)
    {
        var value = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str"))
        {
            return JsonValue.Create(value);
        }

        return value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when char.IsAsciiDigit(value[0]) || value[0] is '-' or '+' or '.' => Number(value),
            _ => JsonValue.Create(value),
        };
    }

    private static JsonValue? Number(string value)
    {
        if (Integer().IsMatch(value) && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return JsonValue.Create(whole);
        }

        if (value.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
        {
            return JsonValue.Create(hex);
        }

        if (!Float().IsMatch(value) || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return JsonValue.Create(value);
        }

        // JSON has no 1.0: a number that is whole is written so.
        return number == Math.Truncate(number) && Math.Abs(number) < 9e15 ? JsonValue.Create((long)number) : JsonValue.Create(number);
    }

    private void Count(int nodes, in Mark at)
    {
        _nodes += nodes;
        if (_nodes > limits.MaxNodes)
        {
            throw new YamlException(at, at, $"too large once its aliases are expanded; allowed: {limits.MaxNodes} values");
        }
    }

    [GeneratedRegex(@"^[-+]?[0-9]+\z", RegexOptions.None, 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.None, 1000)]
    private static partial Regex Float();
}
