using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Splits the inside of a tag into tokens.</summary>
internal sealed class Lexer(string source)
{
    private const int MaximumPatternLength = 16 * 1024;
    private const string Operators = "()[]{}.,:|~+-*/%<>=";
    private static readonly string[] LongOperators = ["===", "!==", "**", "//", "==", "!=", "<=", ">="];

    private readonly List<Token> _tokens = [];
    private int _at;

    /// <summary>Reads from <paramref name="start"/> to the end of the tag.</summary>
    /// <returns>The tokens, where the tag ends, and whether it ends in <c>-</c> and takes the following white space with it.</returns>
    public static (List<Token> Tokens, int End, bool TrimsRight) ReadTag(string source, int start, int tagOffset, string terminator)
    {
        var lexer = new Lexer(source) { _at = start };
        return lexer.Read(tagOffset, terminator);
    }

    private (List<Token> Tokens, int End, bool TrimsRight) Read(int tagOffset, string terminator)
    {
        while (true)
        {
            while (_at < source.Length && IsCodeSpace(source[_at]))
            {
                _at++;
            }

            if (_at >= source.Length)
            {
                throw Fault($"The tag is not closed: \"{terminator}\" is missing", tagOffset);
            }

            var trims = source[_at] == '-' && Sees(terminator, _at + 1);
            if (trims || Sees(terminator, _at))
            {
                _tokens.Add(new Token(TokenKind.End, "", _at));
                return (_tokens, _at + (trims ? 1 : 0) + terminator.Length, trims);
            }

            ReadToken();
        }
    }

    private static bool IsCodeSpace(char character) => character is ' ' or '\t' or '\n' or '\r' or '\u00A0';

    private bool Sees(string text, int index) => string.CompareOrdinal(source, index, text, 0, text.Length) == 0;

    private void ReadToken()
    {
        var start = _at;
        var character = source[start];
        if (char.IsAsciiLetter(character) || character == '_')
        {
            _at = EndOf(start, c => char.IsAsciiLetterOrDigit(c) || c == '_');
            if (_at == start + 1 && character == 'r' && Sees("/", _at))
            {
                ReadPattern(start);
                return;
            }

            Add(TokenKind.Name, start);
        }
        else if (char.IsAsciiDigit(character))
        {
            ReadNumber(start);
        }
        else if (character is '"' or '\'')
        {
            ReadText(start, character);
        }
        else if (character == '.' && start + 1 < source.Length && char.IsAsciiDigit(source[start + 1]))
        {
            AddInvalid("A number must not start with \".\"", start, start + 1);
        }
        else if (LongOperators.FirstOrDefault(candidate => Sees(candidate, start)) is { } longOperator)
        {
            _at += longOperator.Length;
            _tokens.Add(new Token(TokenKind.Operator, longOperator, start));
        }
        else if (Operators.Contains(character))
        {
            _at++;
            Add(TokenKind.Operator, start);
        }
        else
        {
            AddInvalid($"Unexpected character \"{character}\"", start, start + 1);
        }
    }

    private void Add(TokenKind kind, int start) => _tokens.Add(new Token(kind, source[start.._at], start));

    private void AddInvalid(string message, int start, int end)
    {
        _at = end;
        _tokens.Add(new Token(TokenKind.Invalid, message, start));
    }

    private int EndOf(int index, Func<char, bool> belongs)
    {
        while (index < source.Length && belongs(source[index]))
        {
            index++;
        }

        return index;
    }

    private void ReadNumber(int start)
    {
        _at = EndOf(start, char.IsAsciiDigit);
        if (Sees(".", _at))
        {
            _at = EndOf(_at + 1, char.IsAsciiDigit);
        }

        if (_at < source.Length && (char.IsAsciiLetter(source[_at]) || source[_at] == '_'))
        {
            AddInvalid($"A number must not be followed by \"{source[_at]}\"", start, _at);
            return;
        }

        _tokens.Add(new Token(TokenKind.Number, source[start.._at], start));
    }

    private void ReadText(int start, char quote)
    {
        var text = new StringBuilder();
        for (_at++; _at < source.Length; _at++)
        {
            var character = source[_at];
            if (character == quote)
            {
                _at++;
                _tokens.Add(new Token(TokenKind.Text, text.ToString(), start));
                return;
            }

            if (character != '\\')
            {
                text.Append(character);
            }
            else if (++_at < source.Length)
            {
                text.Append(source[_at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
            }
        }

        throw Fault("A text is not closed", start);
    }

    private void ReadPattern(int start)
    {
        var escapes = 0;
        for (_at++; _at < source.Length; _at++)
        {
            var character = source[_at];
            if (character == '/' && escapes == 0)
            {
                FinishPattern(start);
                return;
            }

            if (character == '/' && escapes % 2 == 0)
            {
                throw Fault("It is not clear whether this / ends the regular expression; write [\\\\] for a backslash", start);
            }

            escapes = character == '\\' ? escapes + 1 : 0;
        }

        throw Fault("A regular expression is not closed", start);
    }

    private void FinishPattern(int start)
    {
        var pattern = source[(start + 2).._at];
        if (pattern.Length > MaximumPatternLength)
        {
            throw Fault($"A regular expression may have at most {MaximumPatternLength} characters", start);
        }

        var flagsStart = _at + 1;
        _at = EndOf(flagsStart, char.IsAsciiLetter);
        var flags = source[flagsStart.._at];
        if (flags.Any(flag => !"gimy".Contains(flag)) || flags.Distinct().Count() != flags.Length)
        {
            throw Fault($"The flags of a regular expression may be g, i, m and y, each once, not \"{flags}\"", start);
        }

        _tokens.Add(new Token(TokenKind.Pattern, pattern, start, flags));
    }

    private static TemplateFault Fault(string message, int offset) => new(message, TemplateErrorKind.Syntax, offset);
}
