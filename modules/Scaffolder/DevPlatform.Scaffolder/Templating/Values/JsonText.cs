using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary><c>JSON.stringify</c>: what <c>dump</c> writes.</summary>
internal sealed class JsonText(RenderRun run, string indent)
{
    private readonly StringBuilder _text = new();

    /// <summary>The JSON of a value, undefined for undefined.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="indent">Empty for everything on one line.</param>
    /// <param name="run">Pays for the text.</param>
    public static TemplateValue Of(TemplateValue value, string indent, RenderRun run)
    {
        if (value.IsUndefined)
        {
            return default;
        }

        var writer = new JsonText(run, indent);
        writer.Write(value, 0);
        return writer._text.ToString();
    }

    private void Write(TemplateValue value, int depth)
    {
        run.Step();
        switch (value.Kind)
        {
            case TemplateValueKind.Text or TemplateValueKind.SafeText:
                WriteText(value.AsText!);
                break;
            case TemplateValueKind.Number when !double.IsFinite(value.RawNumber):
            case TemplateValueKind.Undefined:
                _text.Append("null");
                break;
            case TemplateValueKind.List:
                WriteContainer('[', ']', value.AsList!.Items, depth, item => Write(item, depth + 1));
                break;
            case TemplateValueKind.Record:
                WriteContainer('{', '}', value.AsRecord!.Entries.Where(entry => !entry.Value.IsUndefined), depth, entry =>
                {
                    WriteText(entry.Key);
                    _text.Append(indent.Length > 0 ? ": " : ":");
                    Write(entry.Value, depth + 1);
                });
                break;
            case TemplateValueKind.Pattern:
                _text.Append("{}");
                break;
            default:
                _text.Append(Coercion.ToText(value));
                break;
        }
    }

    private void WriteContainer<T>(char open, char close, IEnumerable<T> children, int depth, Action<T> write)
    {
        ValueGraph.CheckDepth(depth + 1);
        var before = _text.Length;
        _text.Append(open);
        var first = true;
        foreach (var child in children)
        {
            if (!first)
            {
                _text.Append(',');
            }

            NewLine(depth + 1);
            write(child);
            first = false;
        }

        if (!first)
        {
            NewLine(depth);
        }

        _text.Append(close);
        run.Allocate(_text.Length - before);
    }

    private void NewLine(int depth)
    {
        if (indent.Length > 0)
        {
            _text.Append('\n').Insert(_text.Length, indent, depth);
        }
    }

    private void WriteText(string text)
    {
        run.Allocate(text.Length);
        _text.Append('"');
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            _ = character switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append("\\\\"),
                '\b' => _text.Append("\\b"),
                '\f' => _text.Append("\\f"),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                < ' ' => AppendEscape(character),
                _ when char.IsSurrogate(character) && !IsPaired(text, index) => AppendEscape(character),
                _ => _text.Append(character),
            };
        }

        _text.Append('"');
    }

    private StringBuilder AppendEscape(char character) => _text.Append("\\u").Append(((int)character).ToString("x4"));

    private static bool IsPaired(string text, int index) => char.IsHighSurrogate(text[index])
        ? index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
        : index > 0 && char.IsHighSurrogate(text[index - 1]);
}
