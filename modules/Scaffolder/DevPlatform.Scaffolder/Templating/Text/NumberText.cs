using System.Globalization;
using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Numbers to text and back, as ECMAScript defines it.</summary>
internal static class NumberText
{
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }

        if (Math.Abs(value) < 1e15 && value == Math.Truncate(value))
        {
            return ((long)value).ToString(CultureInfo.InvariantCulture);
        }

        var (digits, point) = ShortestDigits(Math.Abs(value));
        var text = new StringBuilder(value < 0 ? "-" : "");
        if (point is > -6 and <= 21)
        {
            AppendPlain(text, digits, point);
        }
        else
        {
            AppendExponential(text, digits, point - 1);
        }

        return text.ToString();
    }

    /// <summary><c>Number(text)</c>.</summary>
    public static double Parse(string text)
    {
        var span = TextRules.Trim(text);
        if (span.IsEmpty)
        {
            return 0;
        }

        if (span.Length > 2 && span[0] == '0' && RadixOf(span[1]) is var radix and not 10)
        {
            return ParseDigits(span[2..], radix, out var used) is var number && used == span.Length - 2 ? number : double.NaN;
        }

        return ParseDecimal(span, out var length) is var value && length == span.Length ? value : double.NaN;
    }

    /// <summary><c>parseFloat(text)</c>: as much of the start as is a number.</summary>
    public static double ParsePrefix(string text)
    {
        var value = ParseDecimal(TextRules.Trim(text), out var length);
        return length == 0 ? double.NaN : value;
    }

    /// <summary><c>parseInt(text, radix)</c>.</summary>
    public static double ParseInteger(string text, double radixNumber)
    {
        var span = TextRules.Trim(text);
        var negative = span.StartsWith("-");
        if (negative || span.StartsWith("+"))
        {
            span = span[1..];
        }

        var radix = double.IsFinite(radixNumber) ? (int)(long)(radixNumber % 4294967296d) : 0;
        if (radix is 0 or 16 && span.Length >= 2 && span[0] == '0' && span[1] is 'x' or 'X')
        {
            span = span[2..];
            radix = 16;
        }

        radix = radix == 0 ? 10 : radix;
        if (radix is < 2 or > 36)
        {
            return double.NaN;
        }

        var value = ParseDigits(span, radix, out var used);
        return used == 0 ? double.NaN : negative ? -value : value;
    }

    public static void AppendExponential(StringBuilder text, string digits, int exponent)
    {
        text.Append(digits[0]);
        if (digits.Length > 1)
        {
            text.Append('.').Append(digits, 1, digits.Length - 1);
        }

        text.Append('e').Append(exponent < 0 ? '-' : '+').Append(CultureInfo.InvariantCulture, $"{Math.Abs(exponent)}");
    }

    /// <summary>Digits with the decimal point after the first <paramref name="point"/> of them.</summary>
    public static void AppendPlain(StringBuilder text, string digits, int point)
    {
        if (point <= 0)
        {
            text.Append("0.").Append('0', -point).Append(digits);
        }
        else if (digits.Length <= point)
        {
            text.Append(digits).Append('0', point - digits.Length);
        }
        else
        {
            text.Append(digits, 0, point).Append('.').Append(digits, point, digits.Length - point);
        }
    }

    /// <summary>The fewest digits that read back as the same number, and where the decimal point stands.</summary>
    private static (string Digits, int Point) ShortestDigits(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E');
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var dot = mantissa.IndexOf('.');
        var point = (dot < 0 ? mantissa.Length : dot) + exponent;
        var digits = mantissa.Replace(".", "");
        var significant = digits.TrimStart('0');
        return (significant.TrimEnd('0'), point - (digits.Length - significant.Length));
    }

    private static double ParseDecimal(ReadOnlySpan<char> text, out int length)
    {
        var at = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        if (text[at..].StartsWith("Infinity"))
        {
            length = at + "Infinity".Length;
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        }

        var digits = CountDigits(text[at..]);
        var end = at + digits;
        if (end < text.Length && text[end] == '.')
        {
            var fraction = CountDigits(text[(end + 1)..]);
            end = digits + fraction > 0 ? end + 1 + fraction : end;
            digits += fraction;
        }

        if (digits == 0)
        {
            length = 0;
            return double.NaN;
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var sign = end + 1 < text.Length && text[end + 1] is '+' or '-' ? 1 : 0;
            var exponent = CountDigits(text[(end + 1 + sign)..]);
            end = exponent > 0 ? end + 1 + sign + exponent : end;
        }

        length = end;
        return double.Parse(text[..end], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static int CountDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length;

    private static int RadixOf(char letter) => letter switch
    {
        'x' or 'X' => 16,
        'o' or 'O' => 8,
        'b' or 'B' => 2,
        _ => 10,
    };

    private static double ParseDigits(ReadOnlySpan<char> text, int radix, out int used)
    {
        used = 0;
        while (used < text.Length && DigitOf(text[used]) < radix)
        {
            used++;
        }

        if (radix == 10)
        {
            return used == 0 ? double.NaN : double.Parse(text[..used], NumberStyles.None, CultureInfo.InvariantCulture);
        }

        var value = System.Numerics.BigInteger.Zero;
        foreach (var digit in text[..used])
        {
            value = (value * radix) + DigitOf(digit);
        }

        return used == 0 ? double.NaN : (double)value;
    }

    private static int DigitOf(char character) => char.IsAsciiDigit(character) ? character - '0'
        : char.IsAsciiLetter(character) ? (character | 0x20) - 'a' + 10 : int.MaxValue;
}
