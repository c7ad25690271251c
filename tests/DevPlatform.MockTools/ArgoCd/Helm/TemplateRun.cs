using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.ArgoCd.Helm;

/// <summary>Evaluates templates: values are JSON, what is missing is null and prints as nothing.</summary>
internal sealed class TemplateRun(JsonObject root, IReadOnlyDictionary<string, IReadOnlyList<Node>> defines, IReadOnlyDictionary<string, string> files, string template)
{
    public string Render(IReadOnlyList<Node> nodes)
    {
        var output = new StringBuilder();
        Render(nodes, root, new Dictionary<string, JsonNode?> { ["$"] = root }, output);
        return output.ToString();
    }

    private void Render(IReadOnlyList<Node> nodes, JsonNode? dot, Dictionary<string, JsonNode?> variables, StringBuilder output)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case TextNode text:
                    output.Append(text.Text);
                    break;
                case OutputNode { Variable: { } name } assignment:
                    variables[name] = Value(assignment.Value, dot, variables);
                    break;
                case OutputNode value:
                    output.Append(Text(Value(value.Value, dot, variables)));
                    break;
                case BlockNode block:
                    Render(block, dot, variables, output);
                    break;
            }
        }
    }

    private void Render(BlockNode block, JsonNode? dot, Dictionary<string, JsonNode?> outer, StringBuilder output)
    {
        var value = Value(block.Value, dot, outer);
        var variables = new Dictionary<string, JsonNode?>(outer);
        if (!IsTrue(value))
        {
            Render(block.Else, dot, variables, output);
            return;
        }

        if (block.Keyword != "range")
        {
            if (block.Variables is [var name])
            {
                variables[name] = value;
            }

            Render(block.Body, block.Keyword == "with" ? value : dot, variables, output);
            return;
        }

        var items = value is JsonObject map ? map.Select(p => ((JsonNode?)JsonValue.Create(p.Key), p.Value)) : ((JsonArray)value!).Select((item, i) => ((JsonNode?)JsonValue.Create(i), item));
        foreach (var (key, item) in items)
        {
            if (block.Variables is [.., var element])
            {
                variables[element] = item;
            }

            if (block.Variables is [var index, _])
            {
                variables[index] = key;
            }

            Render(block.Body, item, variables, output);
        }
    }

    private JsonNode? Value(Pipeline pipeline, JsonNode? dot, Dictionary<string, JsonNode?> variables)
    {
        JsonNode? result = null;
        for (var i = 0; i < pipeline.Commands.Count; i++)
        {
            var command = pipeline.Commands[i];
            var arguments = command.Skip(1).Select(o => Value(o, dot, variables)).ToList();
            if (i > 0)
            {
                arguments.Add(result);
            }

            var name = command[0].Text;
            var isFunction = command[0].Inner is null && command[0].Literal is null && (char.IsLetter(name[0]) || name.EndsWith("Files.Get", StringComparison.Ordinal));
            result = isFunction ? Call(name, arguments, variables) : Value(command[0], dot, variables);
        }

        return result;
    }

    private JsonNode? Value(Operand operand, JsonNode? dot, Dictionary<string, JsonNode?> variables)
    {
        if (operand.Inner is { } inner)
        {
            return Value(inner, dot, variables);
        }

        if (operand.Literal is { } literal)
        {
            return JsonSerializer.SerializeToNode(literal);
        }

        if (operand.Text is not ['.' or '$', ..])
        {
            return operand.Text == "nil" ? null : throw new ManifestException($"{template}: \"{operand.Text}\" is no value");
        }

        var parts = operand.Text.Split('.');
        var start = parts[0].Length == 0 ? dot
            : variables.TryGetValue(parts[0], out var variable) ? variable : throw new ManifestException($"{template}: undefined variable \"{parts[0]}\"");
        return start.At([.. parts.Skip(1).Where(p => p.Length > 0)]);
    }

    private JsonNode? Call(string function, List<JsonNode?> arguments, Dictionary<string, JsonNode?> variables)
    {
        string Argument(int index) => index < arguments.Count ? Text(arguments[index]) : throw new ManifestException($"{template}: {function} needs {index + 1} arguments");
        return function switch
        {
            "include" or "template" => Include(Argument(0), arguments[1]),
            "default" => IsTrue(arguments[1]) ? arguments[1] : arguments[0],
            "required" => IsTrue(arguments[1]) ? arguments[1] : throw new ManifestException($"{template}: {Argument(0)}"),
            "quote" => JsonValue.Create(JsonSerializer.Serialize(Argument(0), JsonExtensions.Plain)),
            // Flow style is YAML as well.
            "toYaml" or "toJson" => JsonValue.Create(arguments[0]?.ToJsonString(JsonExtensions.Plain) ?? "null"),
            "indent" => JsonValue.Create(Indent(Argument(1), int.Parse(Argument(0), CultureInfo.InvariantCulture))),
            "nindent" => JsonValue.Create("\n" + Indent(Argument(1), int.Parse(Argument(0), CultureInfo.InvariantCulture))),
            "eq" => JsonValue.Create(arguments.Skip(1).Any(a => Text(a) == Argument(0))),
            "ne" => JsonValue.Create(Argument(0) != Argument(1)),
            "gt" => JsonValue.Create(double.Parse(Argument(0), CultureInfo.InvariantCulture) > double.Parse(Argument(1), CultureInfo.InvariantCulture)),
            "not" => JsonValue.Create(!IsTrue(arguments[0])),
            "and" => arguments.All(IsTrue) ? arguments[^1] : arguments.First(a => !IsTrue(a)),
            "or" => arguments.FirstOrDefault(IsTrue) ?? arguments[^1],
            "trunc" => JsonValue.Create(Argument(1)[..Math.Min(Argument(1).Length, int.Parse(Argument(0), CultureInfo.InvariantCulture))]),
            "trimSuffix" => JsonValue.Create(Argument(1).EndsWith(Argument(0), StringComparison.Ordinal) ? Argument(1)[..^Argument(0).Length] : Argument(1)),
            "replace" => JsonValue.Create(Argument(2).Replace(Argument(0), Argument(1))),
            "printf" => JsonValue.Create(Format(Argument(0), arguments)),
            _ when function.EndsWith("Files.Get", StringComparison.Ordinal) => JsonValue.Create(files.GetValueOrDefault(Argument(0), "")),
            _ => throw new ManifestException($"{template}: function \"{function}\" not defined"),
        };
    }

    private JsonValue Include(string name, JsonNode? dot)
    {
        var nodes = defines.GetValueOrDefault(name) ?? throw new ManifestException($"{template}: no template \"{name}\"");
        var output = new StringBuilder();
        Render(nodes, dot, new Dictionary<string, JsonNode?> { ["$"] = dot }, output);
        return JsonValue.Create(output.ToString());
    }

    private static string Format(string format, List<JsonNode?> arguments)
    {
        var parts = format.Replace("%d", "%s").Split("%s");
        return string.Concat(parts.Select((p, i) => i + 1 < parts.Length ? p + Text(arguments[i + 1]) : p));
    }

    private static string Indent(string text, int width) => string.Join('\n', text.Split('\n').Select(l => new string(' ', width) + l));

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue scalar => scalar.ToString(),
        _ => value.ToJsonString(JsonExtensions.Plain),
    };

    private static bool IsTrue(JsonNode? value) => value switch
    {
        null => false,
        JsonObject map => map.Count > 0,
        JsonArray list => list.Count > 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.False => false,
            JsonValueKind.String => value.GetValue<string>().Length > 0,
            JsonValueKind.Number => value.ToJsonString() != "0",
            _ => true,
        },
    };
}
