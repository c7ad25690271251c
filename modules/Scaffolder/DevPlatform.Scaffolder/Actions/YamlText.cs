using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace DevPlatform.Scaffolder.Actions;

/// <summary>JSON as YAML and back; texts that YAML would read as something else are quoted.</summary>
internal static class YamlText
{
    private const int DeepestDocument = 64;
    private static readonly ISerializer Serializer = new SerializerBuilder()
        .WithQuotingNecessaryStrings().WithIndentedSequences().DisableAliases().WithEventEmitter(next => new NullsAndLines(next)).Build();

    public static string Write(JsonNode? node) => Serializer.Serialize(Plain(node) ?? "");

    /// <summary>The first document; null when there is none.</summary>
    /// <exception cref="YamlException">Not YAML, or deeper than manifests are.</exception>
    public static JsonNode? Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Count == 0 ? null : Json(stream.Documents[0].RootNode, 0);
    }

    /// <summary>Every document.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<JsonNode?> ReadAll(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(d => Json(d.RootNode, 0))];
    }

    private static JsonNode? Json(YamlNode node, int depth) => depth > DeepestDocument ? throw new YamlException("The document is nested too deeply") : node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(c.Key is YamlScalarNode key ? key.Value ?? "" : throw new YamlException("A key is not a text"), Json(c.Value, depth + 1)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(c => Json(c, depth + 1))]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Scalar(scalar.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    // YAML 1.2's core schema, which Kubernetes reads.
    private static JsonValue? Scalar(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => JsonValue.Create(integer),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject o => o.ToDictionary(p => p.Key, p => Plain(p.Value)),
        JsonArray a => a.Select(Plain).ToList(),
        JsonValue v => v.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when long.TryParse(v.ToJsonString(), CultureInfo.InvariantCulture, out var integer) => integer,
            JsonValueKind.Number => double.Parse(v.ToJsonString(), CultureInfo.InvariantCulture),
            _ => v.ToString(),
        },
        _ => null,
    };

    /// <summary>Null is written as <c>null</c> and a text of several lines as a literal block, as Backstage's writer does.</summary>
    private sealed class NullsAndLines(IEventEmitter next) : ChainedEventEmitter(next)
    {
        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            switch (eventInfo.Source.Value)
            {
                case null:
                    emitter.Emit(new Scalar("null"));
                    return;
                case string text when text.Contains('\n', StringComparison.Ordinal) && !text.Contains('\r', StringComparison.Ordinal) && text.TrimStart().Length == text.Length:
                    eventInfo.Style = ScalarStyle.Literal;
                    break;
            }

            base.Emit(eventInfo, emitter);
        }
    }
}
