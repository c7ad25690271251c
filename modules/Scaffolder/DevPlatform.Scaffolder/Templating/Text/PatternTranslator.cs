using System.Globalization;
using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>
/// Writes a JavaScript pattern (without the flag <c>u</c>) as a .NET one. They differ in <c>.</c>, <c>^</c>, <c>$</c>, the shorthand
/// classes, group numbering and in what JavaScript tolerates (<c>{</c>, <c>]</c> and unknown escapes stand for themselves).
/// </summary>
internal sealed class PatternTranslator
{
    private const string LineEnds = @"\n\r\u2028\u2029";
    private const string Spaces = @"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

    private readonly string _source;
    private readonly bool _multiline;
    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly int _groups;
    private readonly Stack<bool> _open = new();
    private int _at;

    // Whether a quantifier may follow what was just read.
    private bool _repeatable;

    private PatternTranslator(string source, bool multiline)
    {
        _source = source;
        _multiline = multiline;
        _groups = CountGroups();
    }

    /// <exception cref="ArgumentException">JavaScript does not accept the pattern.</exception>
    public static (string Pattern, IReadOnlyDictionary<string, int> GroupNames) Translate(string source, bool multiline)
    {
        var translator = new PatternTranslator(source, multiline);
        translator.Run();
        return (translator._output.ToString(), translator._names);
    }

    private void Run()
    {
        while (_at < _source.Length)
        {
            var character = _source[_at++];
            switch (character)
            {
                case '\\':
                    Escape();
                    break;
                case '[':
                    Emit(Class());
                    break;
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    if (!_open.TryPop(out _repeatable))
                    {
                        throw new ArgumentException("Unmatched )");
                    }

                    _output.Append(')');
                    break;
                case '|':
                    Emit("|", repeatable: false);
                    break;
                case '.':
                    Emit($"[^{LineEnds}]");
                    break;
                case '^':
                    Emit(_multiline ? $@"(?:\A|(?<=[{LineEnds}]))" : @"\A", repeatable: false);
                    break;
                case '$':
                    Emit(_multiline ? $@"(?:\z|(?=[{LineEnds}]))" : @"\z", repeatable: false);
                    break;
                case '*' or '+' or '?':
                    Quantifier(character.ToString());
                    break;
                case '{' when QuantifierEnd() is { } end:
                    var text = _source[(_at - 1)..end];
                    _at = end;
                    Quantifier(text);
                    break;
                default:
                    Emit(Literal(character));
                    break;
            }
        }

        if (_open.Count > 0)
        {
            throw new ArgumentException("Unterminated group");
        }
    }

    private void Emit(string text, bool repeatable = true)
    {
        _output.Append(text);
        _repeatable = repeatable;
    }

    private void Quantifier(string text)
    {
        if (!_repeatable)
        {
            throw new ArgumentException("Nothing to repeat");
        }

        Emit(text, repeatable: false);
        if (_at < _source.Length && _source[_at] == '?')
        {
            _at++;
            _output.Append('?');
        }
    }

    /// <summary>Where <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c> ends, null when the brace is only a brace.</summary>
    private int? QuantifierEnd()
    {
        var close = _source.IndexOf('}', _at);
        if (close < 0)
        {
            return null;
        }

        var parts = _source[_at..close].Split(',');
        return parts.Length <= 2 && parts[0].Length > 0 && parts.All(part => part.All(char.IsAsciiDigit)) ? close + 1 : null;
    }

    private void OpenGroup()
    {
        // What may be repeated after the closing parenthesis: everything but a look-behind.
        var repeatable = true;
        var opening = "(";
        if (Next("?:") || Next("?=") || Next("?!"))
        {
            opening = $"({_source.AsSpan(_at - 2, 2)}";
        }
        else if (Next("?<=") || Next("?<!"))
        {
            opening = $"({_source.AsSpan(_at - 3, 3)}";
            repeatable = false;
        }
        else if (Next("?<"))
        {
            // Numbered like every other group; .NET would count named groups last.
            _at = GroupNameEnd(_at) + 1;
        }
        else if (Next("?"))
        {
            throw new ArgumentException("Invalid group");
        }

        _open.Push(repeatable);
        Emit(opening, repeatable: false);
    }

    private bool Next(string text)
    {
        var matches = string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;
        _at += matches ? text.Length : 0;
        return matches;
    }

    private int GroupNameEnd(int start)
    {
        var end = _source.IndexOf('>', start);
        return end > start && _source[start..end].All(c => char.IsLetterOrDigit(c) || c is '_' or '$') && !char.IsAsciiDigit(_source[start])
            ? end
            : throw new ArgumentException("Invalid capture group name");
    }

    /// <summary>Finds groups and their names beforehand: a back reference may come before its group.</summary>
    private int CountGroups()
    {
        var (count, inClass) = (0, false);
        for (var index = 0; index < _source.Length; index++)
        {
            switch (_source[index])
            {
                case '\\':
                    index++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    var named = IsNamed(index);
                    count += named || index + 1 >= _source.Length || _source[index + 1] != '?' ? 1 : 0;
                    if (named && !_names.TryAdd(_source[(index + 3)..GroupNameEnd(index + 3)], count))
                    {
                        throw new ArgumentException("Duplicate capture group name");
                    }

                    break;
            }
        }

        return count;
    }

    private bool IsNamed(int index) => string.CompareOrdinal(_source, index, "(?<", 0, 3) == 0
        && index + 3 < _source.Length && _source[index + 3] is not ('=' or '!');

    private void Escape()
    {
        if (_at == _source.Length)
        {
            throw new ArgumentException("\\ at end of pattern");
        }

        var start = _at;
        var character = _source[_at++];
        switch (character)
        {
            case 'b' or 'B':
                Emit($"\\{character}", repeatable: false);
                break;
            case >= '1' and <= '9' when BackReference(start) is { } group:
                Emit($"(?:\\{group})");
                break;
            case 'k' when _names.Count > 0:
                if (!Next("<"))
                {
                    throw new ArgumentException("Invalid named reference");
                }

                var end = GroupNameEnd(_at);
                Emit(_names.TryGetValue(_source[_at..end], out var number) ? $"(?:\\{number})" : throw new ArgumentException("Invalid named reference"));
                _at = end + 1;
                break;
            default:
                _at = start;
                Emit(Shorthand(_source[_at]) is { } set ? Skip($"[{set}]") : Literal(EscapedCharacter(inClass: false)));
                break;
        }
    }

    private string Skip(string text)
    {
        _at++;
        return text;
    }

    private int? BackReference(int start)
    {
        var end = start;
        while (end < _source.Length && char.IsAsciiDigit(_source[end]))
        {
            end++;
        }

        if (!int.TryParse(_source.AsSpan(start, end - start), out var group) || group > _groups)
        {
            return null;
        }

        _at = end;
        return group;
    }

    private static string? Shorthand(char letter) => letter switch
    {
        'd' => "0-9",
        'D' => @"\u0000-/:-\uffff",
        'w' => "a-zA-Z0-9_",
        'W' => @"\u0000-/:-@\[-\^`{-\uffff",
        's' => Spaces,
        'S' => @"\u0000-\u0008\u000e-\u001f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff",
        _ => null,
    };

    /// <summary>Reads an escape that stands for one character; the position is after the backslash.</summary>
    private char EscapedCharacter(bool inClass)
    {
        var character = _source[_at++];
        switch (character)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'v':
                return '\v';
            case 'f':
                return '\f';
            case 'r':
                return '\r';
            case 'b' when inClass:
                return '\b';
            case 'x':
                return Hex(2) ?? 'x';
            case 'u':
                return Hex(4) ?? 'u';
            case 'c' when _at < _source.Length && (char.IsAsciiLetter(_source[_at]) || (inClass && (char.IsAsciiDigit(_source[_at]) || _source[_at] == '_'))):
                return (char)(_source[_at++] % 32);
            case 'c':
                _at--;
                return '\\';
            case >= '0' and <= '7':
                return Octal(character - '0');
            default:
                return character;
        }
    }

    private char? Hex(int length)
    {
        if (_at + length > _source.Length || !_source.AsSpan(_at, length).ToString().All(char.IsAsciiHexDigit))
        {
            return null;
        }

        _at += length;
        return (char)int.Parse(_source.AsSpan(_at - length, length), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private char Octal(int value)
    {
        for (var digits = 1; digits < 3 && _at < _source.Length && _source[_at] is >= '0' and <= '7' && (value * 8) + _source[_at] - '0' <= 255; digits++)
        {
            value = (value * 8) + _source[_at++] - '0';
        }

        return (char)value;
    }

    private string Class()
    {
        var negated = Next("^");
        var items = new StringBuilder();
        char? pending = null;
        while (true)
        {
            if (_at >= _source.Length)
            {
                throw new ArgumentException("Unterminated character class");
            }

            if (Next("]"))
            {
                break;
            }

            if (pending is { } from && _source[_at] == '-' && _at + 1 < _source.Length && _source[_at + 1] != ']')
            {
                _at++;
                pending = null;
                var (to, set) = ClassAtom();
                items.Append(set is not null ? $"{ClassLiteral('-')}{set}" : RangeTo(from, to));
                continue;
            }

            var (character, shorthand) = ClassAtom();
            items.Append(shorthand ?? ClassLiteral(character));
            pending = shorthand is null ? character : null;
        }

        return items.Length == 0 ? (negated ? @"[\u0000-\uffff]" : "(?!)") : $"[{(negated ? "^" : "")}{items}]";
    }

    /// <summary>The rest of a range whose first character is written already.</summary>
    private static string RangeTo(char from, char to) =>
        to >= from ? $"-{ClassLiteral(to)}" : throw new ArgumentException("Range out of order in character class");

    private (char Character, string? Set) ClassAtom()
    {
        var character = _source[_at++];
        if (character != '\\')
        {
            return (character, null);
        }

        if (_at >= _source.Length)
        {
            throw new ArgumentException("\\ at end of pattern");
        }

        return Shorthand(_source[_at]) is { } set ? ('\0', Skip(set)) : (EscapedCharacter(inClass: true), null);
    }

    private static string ClassLiteral(char character) => char.IsAsciiLetterOrDigit(character) ? character.ToString() : $"\\u{(int)character:x4}";

    private static string Literal(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '_' or '-' ? character.ToString() : $"\\u{(int)character:x4}";
}
