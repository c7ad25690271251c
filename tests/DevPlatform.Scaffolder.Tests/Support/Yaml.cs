using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace DevPlatform.Scaffolder.Tests.Support;

internal static class Yaml
{
    /// <summary>A YAML document as JSON; numbers and booleans keep their type.</summary>
    public static JsonObject Parse(string yaml)
    {
        var graph = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new StringReader(yaml));
        return (JsonObject)JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(graph))!;
    }
}
