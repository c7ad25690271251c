using System.Numerics;
using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>The number formats that need the exact decimal value: <c>toFixed</c>, <c>toExponential</c>, <c>toPrecision</c>, <c>toString(radix)</c>.</summary>
internal static class ExactNumber
{
    public static string Fixed(double value, double digits)
    {
        CheckRange("toFixed", digits, 0, 100);
        if (!double.IsFinite(value) || Math.Abs(value) >= 1e21)
        {
            return NumberText.Format(value);
        }

        var rounded = Scaled(Math.Abs(value), (int)digits).ToString();
        var places = (int)digits;
        var text = new StringBuilder(value < 0 ? "-" : "");
        var padded = rounded.PadLeft(places + 1, '0');
        text.Append(padded, 0, padded.Length - places);
        return places == 0 ? text.ToString() : text.Append('.').Append(padded, padded.Length - places, places).ToString();
    }

    public static string Exponential(double value, double? digits)
    {
        if (!double.IsFinite(value))
        {
            return NumberText.Format(value);
        }

        CheckRange("toExponential", digits ?? 0, 0, 100);
        var text = new StringBuilder(value < 0 ? "-" : "");
        var (significant, exponent) = Significant(Math.Abs(value), digits is { } count ? (int)count + 1 : ShortestCount(value));
        NumberText.AppendExponential(text, significant, exponent);
        return text.ToString();
    }

    public static string Precision(double value, double digits)
    {
        if (!double.IsFinite(value))
        {
            return NumberText.Format(value);
        }

        CheckRange("toPrecision", digits, 1, 100);
        var text = new StringBuilder(value < 0 ? "-" : "");
        var (significant, exponent) = Significant(Math.Abs(value), (int)digits);
        if (exponent < -6 || exponent >= digits)
        {
            NumberText.AppendExponential(text, significant, exponent);
        }
        else
        {
            NumberText.AppendPlain(text, significant, exponent + 1);
        }

        return text.ToString();
    }

    public static string InRadix(double value, double radixNumber)
    {
        CheckRange("toString", radixNumber, 2, 36);
        var radix = (int)radixNumber;
        if (radix == 10 || !double.IsFinite(value))
        {
            return NumberText.Format(value);
        }

        var magnitude = Math.Abs(value);
        var whole = Math.Floor(magnitude);
        var fraction = FractionDigits(magnitude - whole, Math.BitIncrement(magnitude) - magnitude, radix);
        if (fraction is null)
        {
            (whole, fraction) = (whole + 1, "");
        }

        return $"{(value < 0 ? "-" : "")}{WholeDigits(whole, radix)}{(fraction.Length > 0 ? "." : "")}{fraction}";
    }

    private static void CheckRange(string name, double value, int from, int to)
    {
        if (!(Math.Truncate(value) >= from && Math.Truncate(value) <= to) && !double.IsNaN(value))
        {
            throw new TemplateFault($"{name}() takes {from} to {to}, not {NumberText.Format(value)}");
        }
    }

    private static int ShortestCount(double value)
    {
        var digits = NumberText.Format(Math.Abs(value));
        var mantissa = digits.Split('e')[0].Replace(".", "").TrimStart('0').TrimEnd('0');
        return Math.Max(1, mantissa.Length);
    }

    /// <summary>value × 10^places, rounded to the nearest integer, halves up.</summary>
    private static BigInteger Scaled(double value, int places)
    {
        var (numerator, denominator) = Fraction(value);
        if (places >= 0)
        {
            numerator *= BigInteger.Pow(10, places);
        }
        else
        {
            denominator *= BigInteger.Pow(10, -places);
        }

        return ((numerator * 2) + denominator) / (denominator * 2);
    }

    private static (string Digits, int Exponent) Significant(double value, int count)
    {
        if (value == 0)
        {
            return (new string('0', count), 0);
        }

        var exponent = (int)Math.Floor(Math.Log10(value));
        var digits = Scaled(value, count - 1 - exponent).ToString();
        while (digits.Length != count)
        {
            // The logarithm was off by one, or rounding carried into a new digit.
            exponent += digits.Length > count ? 1 : -1;
            digits = Scaled(value, count - 1 - exponent).ToString();
        }

        return (digits, exponent);
    }

    private static (BigInteger Numerator, BigInteger Denominator) Fraction(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xFFFFFFFFFFFFFL;
        mantissa |= exponent == 0 ? 0 : 1L << 52;
        var shift = Math.Max(exponent, 1) - 1075;
        return shift >= 0 ? (new BigInteger(mantissa) << shift, BigInteger.One) : (mantissa, BigInteger.One << -shift);
    }

    private static string WholeDigits(double whole, int radix)
    {
        // Beyond 53 bits the low digits carry no information and are written as zeros.
        var zeros = 0;
        while (whole / radix >= 9007199254740992d)
        {
            whole /= radix;
            zeros++;
        }

        var rest = (BigInteger)whole;
        var digits = new StringBuilder();
        do
        {
            digits.Insert(0, Digit((int)(rest % radix)));
            rest /= radix;
        }
        while (!rest.IsZero);
        return digits.Append('0', zeros).ToString();
    }

    /// <summary>Enough digits to tell the number from its neighbours; null when they round up to the next whole number.</summary>
    private static string? FractionDigits(double fraction, double gap, int radix)
    {
        var tolerance = Math.Max(gap / 2, double.Epsilon);
        var digits = new List<int>();
        while (fraction >= tolerance)
        {
            fraction *= radix;
            tolerance *= radix;
            var digit = (int)fraction;
            digits.Add(digit);
            fraction -= digit;
            var roundsUp = fraction > 0.5 || (fraction == 0.5 && (digit & 1) == 1);
            if (roundsUp && fraction + tolerance > 1)
            {
                while (digits.Count > 0 && digits[^1] == radix - 1)
                {
                    digits.RemoveAt(digits.Count - 1);
                }

                if (digits.Count == 0)
                {
                    return null;
                }

                digits[^1]++;
                break;
            }
        }

        return string.Concat(digits.Select(Digit));
    }

    private static char Digit(int value) => "0123456789abcdefghijklmnopqrstuvwxyz"[value];
}
