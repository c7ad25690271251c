using System.Collections.Frozen;
using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Where ECMAScript's text functions differ from .NET's: white space, letter case, URI escapes.</summary>
internal static class TextRules
{
    /// <summary>Characters whose upper case is more than one character: the character, then its upper case.</summary>
    private const string Expanding =
        "\u00dfSS \u0149\u02bcN \u01f0J\u030c \u0390\u0399\u0308\u0301 \u03b0\u03a5\u0308\u0301 \u0587\u0535\u0552 "
        + "\u1e96H\u0331 \u1e97T\u0308 \u1e98W\u030a \u1e99Y\u030a \u1e9aA\u02be \u1f50\u03a5\u0313 \u1f52\u03a5\u0313\u0300 "
        + "\u1f54\u03a5\u0313\u0301 \u1f56\u03a5\u0313\u0342 \u1f80\u1f08\u0399 \u1f81\u1f09\u0399 \u1f82\u1f0a\u0399 "
        + "\u1f83\u1f0b\u0399 \u1f84\u1f0c\u0399 \u1f85\u1f0d\u0399 \u1f86\u1f0e\u0399 \u1f87\u1f0f\u0399 \u1f88\u1f08\u0399 "
        + "\u1f89\u1f09\u0399 \u1f8a\u1f0a\u0399 \u1f8b\u1f0b\u0399 \u1f8c\u1f0c\u0399 \u1f8d\u1f0d\u0399 \u1f8e\u1f0e\u0399 "
        + "\u1f8f\u1f0f\u0399 \u1f90\u1f28\u0399 \u1f91\u1f29\u0399 \u1f92\u1f2a\u0399 \u1f93\u1f2b\u0399 \u1f94\u1f2c\u0399 "
        + "\u1f95\u1f2d\u0399 \u1f96\u1f2e\u0399 \u1f97\u1f2f\u0399 \u1f98\u1f28\u0399 \u1f99\u1f29\u0399 \u1f9a\u1f2a\u0399 "
        + "\u1f9b\u1f2b\u0399 \u1f9c\u1f2c\u0399 \u1f9d\u1f2d\u0399 \u1f9e\u1f2e\u0399 \u1f9f\u1f2f\u0399 \u1fa0\u1f68\u0399 "
        + "\u1fa1\u1f69\u0399 \u1fa2\u1f6a\u0399 \u1fa3\u1f6b\u0399 \u1fa4\u1f6c\u0399 \u1fa5\u1f6d\u0399 \u1fa6\u1f6e\u0399 "
        + "\u1fa7\u1f6f\u0399 \u1fa8\u1f68\u0399 \u1fa9\u1f69\u0399 \u1faa\u1f6a\u0399 \u1fab\u1f6b\u0399 \u1fac\u1f6c\u0399 "
        + "\u1fad\u1f6d\u0399 \u1fae\u1f6e\u0399 \u1faf\u1f6f\u0399 \u1fb2\u1fba\u0399 \u1fb3\u0391\u0399 \u1fb4\u0386\u0399 "
        + "\u1fb6\u0391\u0342 \u1fb7\u0391\u0342\u0399 \u1fbc\u0391\u0399 \u1fc2\u1fca\u0399 \u1fc3\u0397\u0399 "
        + "\u1fc4\u0389\u0399 \u1fc6\u0397\u0342 \u1fc7\u0397\u0342\u0399 \u1fcc\u0397\u0399 \u1fd2\u0399\u0308\u0300 "
        + "\u1fd3\u0399\u0308\u0301 \u1fd6\u0399\u0342 \u1fd7\u0399\u0308\u0342 \u1fe2\u03a5\u0308\u0300 "
        + "\u1fe3\u03a5\u0308\u0301 \u1fe4\u03a1\u0313 \u1fe6\u03a5\u0342 \u1fe7\u03a5\u0308\u0342 \u1ff2\u1ffa\u0399 "
        + "\u1ff3\u03a9\u0399 \u1ff4\u038f\u0399 \u1ff6\u03a9\u0342 \u1ff7\u03a9\u0342\u0399 \u1ffc\u03a9\u0399 \ufb00FF "
        + "\ufb01FI \ufb02FL \ufb03FFI \ufb04FFL \ufb05ST \ufb06ST \ufb13\u0544\u0546 \ufb14\u0544\u0535 \ufb15\u0544\u053b "
        + "\ufb16\u054e\u0546 \ufb17\u0544\u053d";

    private static readonly FrozenDictionary<char, string> Uppercase =
        Expanding.Split(' ').ToFrozenDictionary(entry => entry[0], entry => entry[1..]);

    /// <summary>What <c>\s</c> and <c>trim()</c> take for white space.</summary>
    public static bool IsSpace(char character) => character switch
    {
        '\u0085' => false,
        '\uFEFF' => true,
        _ => char.IsWhiteSpace(character),
    };

    public static ReadOnlySpan<char> Trim(string text)
    {
        var start = CountStart(text);
        return text.AsSpan(start, Math.Max(start, CountKept(text)) - start);
    }

    public static string TrimStart(string text) => text[CountStart(text)..];

    public static string TrimEnd(string text) => text[..CountKept(text)];

    public static string Upper(string text)
    {
        var upper = text.ToUpperInvariant();
        return Ascii.IsValid(text) || !text.Any(Uppercase.ContainsKey)
            ? upper
            : string.Concat(text.Select((character, index) => Uppercase.GetValueOrDefault(character) ?? upper[index].ToString()));
    }

    public static string Lower(string text)
    {
        var lower = text.ToLowerInvariant();
        if (Ascii.IsValid(text) || !text.AsSpan().ContainsAny('İ', 'Σ'))
        {
            return lower;
        }

        var result = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            _ = text[index] switch
            {
                'İ' => result.Append("i\u0307"),
                'Σ' when IsFinalSigma(text, index) => result.Append('ς'),
                _ => result.Append(lower[index]),
            };
        }

        return result.ToString();
    }

    /// <summary>First character upper, the rest lower case.</summary>
    public static string Capitalize(string text)
    {
        var lower = Lower(text);
        return lower.Length == 0 ? "" : Upper(lower[..1]) + lower[1..];
    }

    /// <summary><c>encodeURIComponent</c>.</summary>
    public static string EncodeUriComponent(string text)
    {
        var result = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in Runes(text))
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || "-_.!~*'()".Contains((char)rune.Value)))
            {
                result.Append((char)rune.Value);
                continue;
            }

            foreach (var octet in bytes[..rune.EncodeToUtf8(bytes)])
            {
                result.Append('%').Append(octet.ToString("X2"));
            }
        }

        return result.ToString();
    }

    private static IEnumerable<Rune> Runes(string text)
    {
        for (var index = 0; index < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, index, out var rune))
            {
                throw new TemplateFault("The text has half a surrogate pair and cannot be URI encoded");
            }

            yield return rune;
            index += rune.Utf16SequenceLength;
        }
    }

    private static bool IsFinalSigma(string text, int index) =>
        index > 0 && char.IsLetter(text[index - 1]) && (index + 1 == text.Length || !char.IsLetter(text[index + 1]));

    private static int CountStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
        {
            start++;
        }

        return start;
    }

    private static int CountKept(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }
}
