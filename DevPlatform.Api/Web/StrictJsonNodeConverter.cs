using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DevPlatform.Shared.Web;

namespace DevPlatform.Api.Web;

/// <summary>
/// Reads bodies that endpoints take as <see cref="JsonNode"/>. The built-in converter answers a property that occurs twice with an
/// <see cref="ArgumentException"/>, which is a defect (500); this one with a <see cref="JsonException"/>, which is the caller's mistake (400). So is text
/// that is none, which would be noticed only when it is used.
/// </summary>
internal sealed class StrictJsonNodeConverter<TNode> : JsonConverter<TNode>
    where TNode : JsonNode
{
    public override TNode? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonSerializer.Deserialize<JsonElement>(ref reader, options);
        JsonText.Check(element);

        JsonNode? node = element.ValueKind switch
        {
            JsonValueKind.Object => JsonObject.Create(element),
            JsonValueKind.Array => JsonArray.Create(element),
            _ => JsonValue.Create(element),
        };
        return node as TNode ?? throw new JsonException($"The JSON value could not be converted to {typeToConvert}. ");
    }

    public override void Write(Utf8JsonWriter writer, TNode value, JsonSerializerOptions options) => value.WriteTo(writer, options);
}
