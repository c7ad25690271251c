using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Builds the result of a JavaScript <c>replace</c>, whose replacement text may refer to the match.</summary>
internal sealed class Replacement(string text, string template, RenderRun run)
{
    private readonly StringBuilder _output = new();
    private int _position;

    public void Add(int index, int length, string?[] groups, IReadOnlyDictionary<string, int> names)
    {
        var before = _output.Length;
        _output.Append(text, _position, index - _position);
        Expand(index, length, groups, names);
        _position = index + length;
        run.Allocate(_output.Length - before);
    }

    public string Finish()
    {
        run.Allocate(text.Length - _position);
        return _output.Append(text, _position, text.Length - _position).ToString();
    }

    private void Expand(int index, int length, string?[] groups, IReadOnlyDictionary<string, int> names)
    {
        for (var at = 0; at < template.Length; at++)
        {
            var next = at + 1 < template.Length ? template[at + 1] : '\0';
            if (template[at] != '$')
            {
                _output.Append(template[at]);
                continue;
            }

            switch (next)
            {
                case '$':
                    _output.Append('$');
                    at++;
                    break;
                case '&':
                    _output.Append(text, index, length);
                    at++;
                    break;
                case '`':
                    _output.Append(text, 0, index);
                    at++;
                    break;
                case '\'':
                    _output.Append(text, index + length, text.Length - index - length);
                    at++;
                    break;
                case '<' when names.Count > 0 && template.IndexOf('>', at) is var end and > 0:
                    _output.Append(names.TryGetValue(template[(at + 2)..end], out var named) ? groups[named] : "");
                    at = end;
                    break;
                default:
                    at += ExpandNumber(at + 1, groups);
                    break;
            }
        }
    }

    /// <summary><c>$n</c> or <c>$nn</c>, whichever group exists; else the dollar is itself.</summary>
    private int ExpandNumber(int at, string?[] groups)
    {
        for (var digits = 2; digits >= 1; digits--)
        {
            if (at + digits <= template.Length && int.TryParse(template.AsSpan(at, digits), System.Globalization.NumberStyles.None, null, out var group)
                && group >= 1 && group < groups.Length)
            {
                _output.Append(groups[group]);
                return digits;
            }
        }

        _output.Append('$');
        return 0;
    }
}
