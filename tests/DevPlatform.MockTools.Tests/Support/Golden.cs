using System.Text.Json.Nodes;

namespace DevPlatform.MockTools.Tests.Support;

/// <summary>
/// Compares an answer with a file of the expected shape: the file's fields must be there with the same kind of value; a text must be the same
/// unless the file says <c>&lt;any&gt;</c>; of a list every element must look like the file's one.
/// </summary>
internal static class Golden
{
    public static void Matches(string file, JsonNode actual)
    {
        var expected = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Path($"tests/DevPlatform.MockTools.Tests/{file}")))!;
        var differences = new List<string>();
        Compare(expected, actual, "$", differences);
        differences.ShouldBeEmpty($"{file} against {actual.ToJsonString()}");
    }

    private static void Compare(JsonNode? expected, JsonNode? actual, string path, List<string> differences)
    {
        switch (expected, actual)
        {
            case (JsonObject wanted, JsonObject found):
                foreach (var (name, value) in wanted)
                {
                    if (found.ContainsKey(name))
                    {
                        Compare(value, found[name], $"{path}.{name}", differences);
                    }
                    else
                    {
                        differences.Add($"{path}.{name} is missing");
                    }
                }

                break;
            case (JsonArray { Count: 1 } wanted, JsonArray { Count: > 0 } found):
                for (var i = 0; i < found.Count; i++)
                {
                    Compare(wanted[0], found[i], $"{path}[{i}]", differences);
                }

                break;
            case (JsonArray { Count: 0 }, JsonArray { Count: 0 }):
                break;
            case (JsonValue wanted, JsonValue found) when wanted.GetValueKind() == found.GetValueKind():
                if (wanted.ToString() != "<any>" && wanted.ToString() != found.ToString())
                {
                    differences.Add($"{path} is {found}, not {wanted}");
                }

                break;
            default:
                differences.Add($"{path} is {actual?.ToJsonString() ?? "null"}, not like {expected?.ToJsonString() ?? "null"}");
                break;
        }
    }
}
