using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Splits a template into text and tags, and settles white space.</summary>
internal sealed class TemplateScanner(string source, TemplateOptions options)
{
    private readonly string _variableStart = options.CookiecutterCompat ? "{{" : "${{";
    private readonly List<Segment> _segments = [];
    private readonly StringBuilder _text = new();
    private int _textOffset;
    private int _at;

    // Whether anything but white space has been read since the last line break, tags included.
    private bool _lineHasContent;

    public static List<Segment> Scan(string source, TemplateOptions options)
    {
        var scanner = new TemplateScanner(source, options);
        scanner.Run();
        return scanner._segments;
    }

    private void Run()
    {
        while (_at < source.Length)
        {
            var opening = NextOpening();
            var strayEnd = source.IndexOf("#}", _at, opening - _at, StringComparison.Ordinal);
            if (strayEnd >= 0)
            {
                throw Fault("\"#}\" ends a comment that has not begun", strayEnd);
            }

            AppendText(opening);
            if (opening < source.Length)
            {
                ReadTag(opening);
            }
        }

        FlushText();
    }

    private int NextOpening()
    {
        for (var index = source.IndexOf('{', _at); index >= 0 && index + 1 < source.Length; index = source.IndexOf('{', index + 1))
        {
            if (source[index + 1] is '%' or '#')
            {
                return index;
            }

            if (source[index + 1] == '{' && (options.CookiecutterCompat || (index > _at && source[index - 1] == '$')))
            {
                return options.CookiecutterCompat ? index : index - 1;
            }
        }

        return source.Length;
    }

    private void ReadTag(int start)
    {
        var kind = source[start] == '{' && source[start + 1] == '%' ? '%' : source[start] == '{' && source[start + 1] == '#' ? '#' : '}';
        var length = kind == '}' ? _variableStart.Length : 2;
        if (kind == '%' && options.LstripBlocks)
        {
            StripIndent();
        }

        var trimsLeft = start + length < source.Length && source[start + length] == '-';
        if (trimsLeft)
        {
            TrimTextEnd();
        }

        FlushText();
        var inside = start + length + (trimsLeft ? 1 : 0);
        switch (kind)
        {
            case '#':
                ReadComment(start, inside);
                break;
            case '}':
                var variable = Lexer.ReadTag(source, inside, start, "}}");
                _segments.Add(new Segment(SegmentKind.Variable, start, "", variable.Tokens));
                Finish(variable.End, variable.TrimsRight, isBlock: false);
                break;
            default:
                ReadBlock(start, inside);
                break;
        }
    }

    private void ReadComment(int start, int inside)
    {
        var end = inside <= source.Length ? source.IndexOf("#}", inside, StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            throw Fault("The comment is not closed: \"#}\" is missing", start);
        }

        Finish(end + 2, source[end - 1] == '-', isBlock: false);
    }

    private void ReadBlock(int start, int inside)
    {
        var (tokens, end, trimsRight) = Lexer.ReadTag(source, inside, start, "%}");
        var block = new Segment(SegmentKind.Block, start, "", tokens);
        if (block.Name is "raw" or "verbatim")
        {
            ReadRaw(block, end, trimsRight);
            return;
        }

        _segments.Add(block);
        Finish(end, trimsRight, isBlock: true);
    }

    /// <summary>Takes everything up to the matching end tag as text. The end tag has no <c>-</c>: such a one is text, too.</summary>
    private void ReadRaw(Segment block, int end, bool trimsRight)
    {
        if (block.Tokens.Count != 2)
        {
            throw Fault($"The tag \"{block.Name}\" takes nothing after its name", block.Offset);
        }

        Advance(end);
        if (options.TrimBlocks)
        {
            SkipLineBreak();
        }

        var (contentEnd, next) = RawEnd(block);
        AppendText(contentEnd);
        Advance(next);
        if (trimsRight)
        {
            SkipSpace();
        }
    }

    private (int ContentEnd, int Next) RawEnd(Segment block)
    {
        var depth = 1;
        for (var marker = source.IndexOf("{%", _at, StringComparison.Ordinal); marker >= 0;
            marker = source.IndexOf("{%", marker + 2, StringComparison.Ordinal))
        {
            var nameAt = SpaceEnd(marker + 2);
            var closes = source.AsSpan(nameAt).StartsWith($"end{block.Name}");
            if (!closes && !source.AsSpan(nameAt).StartsWith(block.Name))
            {
                continue;
            }

            var after = SpaceEnd(nameAt + block.Name.Length + (closes ? 3 : 0));
            if (!source.AsSpan(after).StartsWith("%}"))
            {
                continue;
            }

            depth += closes ? -1 : 1;
            if (depth > 0)
            {
                continue;
            }

            return source.AsSpan(marker, after - marker).Contains('\n')
                ? throw Fault($"The tag \"end{block.Name}\" must be on one line", marker)
                : (marker, after + 2);
        }

        throw Fault($"The tag \"end{block.Name}\" is missing", block.Offset);
    }

    private int SpaceEnd(int index)
    {
        while (index < source.Length && TextRules.IsSpace(source[index]))
        {
            index++;
        }

        return index;
    }

    private void Finish(int end, bool trimsRight, bool isBlock)
    {
        Advance(end);
        if (trimsRight)
        {
            SkipSpace();
        }
        else if (isBlock && options.TrimBlocks)
        {
            SkipLineBreak();
        }
    }

    private void SkipSpace() => Advance(SpaceEnd(_at));

    private void SkipLineBreak()
    {
        var rest = source.AsSpan(_at);
        Advance(_at + (rest.StartsWith("\r\n") ? 2 : rest.StartsWith("\n") ? 1 : 0));
    }

    private void AppendText(int end)
    {
        if (_text.Length == 0)
        {
            _textOffset = _at;
        }

        _text.Append(source, _at, end - _at);
        Advance(end);
    }

    private void Advance(int end)
    {
        var passed = source.AsSpan(_at, end - _at);
        var lineBreak = passed.LastIndexOf('\n');
        var line = passed[(lineBreak + 1)..];
        _lineHasContent = (lineBreak < 0 && _lineHasContent) || !IsBlank(line);
        _at = end;
    }

    private static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!TextRules.IsSpace(character))
            {
                return false;
            }
        }

        return true;
    }

    private void StripIndent()
    {
        var end = _text.Length;
        while (end > 0 && _text[end - 1] != '\n' && TextRules.IsSpace(_text[end - 1]))
        {
            end--;
        }

        if (!_lineHasContent && (end == 0 || _text[end - 1] == '\n'))
        {
            _text.Length = end;
        }
    }

    private void TrimTextEnd()
    {
        while (_text.Length > 0 && TextRules.IsSpace(_text[^1]))
        {
            _text.Length--;
        }
    }

    private void FlushText()
    {
        if (_text.Length > 0)
        {
            _segments.Add(new Segment(SegmentKind.Text, _textOffset, _text.ToString(), []));
            _text.Clear();
        }
    }

    private static TemplateFault Fault(string message, int offset) => new(message, TemplateErrorKind.Syntax, offset);
}
