using System.Text.RegularExpressions;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>Finds secrets in a text: those whose form is known, and literals that are too random to be anything else.</summary>
internal static partial class SecretScanner
{
    private const int ShortestRandom = 20;
    private const int MostFindings = 20;

    /// <summary>Shares of what a random text of its length has: below, it is words or a number series.</summary>
    private const double RandomEntropy = 0.86;
    private const double RandomChanges = 0.45;

    private static readonly string[] FilesOfHashes =
        ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "packages.lock.json", "go.sum", "Cargo.lock", "poetry.lock", "uv.lock", "Gemfile.lock", "composer.lock"];

    private static readonly (string What, Regex Pattern)[] Known =
    [
        ("a private key", PrivateKey()),
        ("an AWS access key", AwsKey()),
        ("a GitHub token", GitHubToken()),
        ("a GitLab token", GitLabToken()),
        ("a Slack token", SlackToken()),
        ("a Google API key", GoogleKey()),
        ("an npm token", NpmToken()),
        ("a Vault token", VaultToken()),
        ("a JSON Web Token", Jwt()),
        ("a password in a URL", UrlPassword()),
        ("a literal password or token", AssignedSecret()),
    ];

    /// <summary>What was found and where it begins; never the secret itself.</summary>
    public static IEnumerable<(string What, int Index)> Find(string file, string text)
    {
        var known = Known.SelectMany(k => k.Pattern.Matches(text).Take(MostFindings).Select(m => (k.What, m.Index, End: m.Index + m.Length))).ToList();
        foreach (var (what, index, _) in known)
        {
            yield return (what, index);
        }

        if (FilesOfHashes.Contains(Path.GetFileName(file), StringComparer.Ordinal))
        {
            yield break;
        }

        foreach (var literal in Literal().Matches(text).Select(m => m.Groups["value"]).Where(g => IsRandom(g.Value)).Take(MostFindings))
        {
            if (!known.Any(k => k.Index < literal.Index + literal.Length && literal.Index < k.End) && !Benign().IsMatch(LineBefore(text, literal.Index)))
            {
                yield return ("a literal that is as random as a secret", literal.Index);
            }
        }
    }

    /// <summary>Letters of both cases and digits, mixed as chance mixes them.</summary>
    public static bool IsRandom(string value)
    {
        if (value.Length < ShortestRandom || value.Count(char.IsAsciiDigit) < 2 || !value.Any(char.IsAsciiLetterUpper) || !value.Any(char.IsAsciiLetterLower))
        {
            return false;
        }

        var changes = value.Zip(value.Skip(1)).Count(pair => KindOf(pair.First) != KindOf(pair.Second));
        var entropy = value.GroupBy(c => c).Sum(g => -(double)g.Count() / value.Length * Math.Log2((double)g.Count() / value.Length));
        return changes >= RandomChanges * (value.Length - 1) && entropy >= RandomEntropy * Math.Log2(Math.Min(value.Length, 64));
    }

    private static int KindOf(char c) => char.IsAsciiDigit(c) ? 0 : char.IsAsciiLetterUpper(c) ? 1 : char.IsAsciiLetterLower(c) ? 2 : 3;

    private static string LineBefore(string text, int index) => text[(text.LastIndexOf('\n', Math.Max(index - 1, 0)) + 1)..index];

    // In quotes, or all of what stands after an equals sign or colon.
    [GeneratedRegex(@"(?m)[""'`](?<value>[A-Za-z0-9+/_=-]{20,200})[""'`]|[:=][ \t]*(?<value>[A-Za-z0-9+/_=-]{20,200})[ \t]*\r?$", RegexOptions.None, 1000)]
    private static partial Regex Literal();

    // Hashes are as random, and meant to be seen.
    [GeneratedRegex(@"(?i)(sha\d*|md5|hash|digest|checksum|integrity|fingerprint|signature|certificate|commit|revision|uuid)[\w.-]*[""']?\s*[:=@-]\s*[""'`]?$", RegexOptions.None, 1000)]
    private static partial Regex Benign();

    [GeneratedRegex("-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----", RegexOptions.None, 1000)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(AKIA|ASIA)[0-9A-Z]{16}\b", RegexOptions.None, 1000)]
    private static partial Regex AwsKey();

    [GeneratedRegex(@"\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})", RegexOptions.None, 1000)]
    private static partial Regex GitHubToken();

    [GeneratedRegex(@"\bglpat-[A-Za-z0-9_-]{20,}", RegexOptions.None, 1000)]
    private static partial Regex GitLabToken();

    [GeneratedRegex(@"\bxox[abposr]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}", RegexOptions.None, 1000)]
    private static partial Regex SlackToken();

    [GeneratedRegex(@"\bAIza[A-Za-z0-9_-]{35}\b", RegexOptions.None, 1000)]
    private static partial Regex GoogleKey();

    [GeneratedRegex(@"\bnpm_[A-Za-z0-9]{36}\b", RegexOptions.None, 1000)]
    private static partial Regex NpmToken();

    [GeneratedRegex(@"\bhv[sb]\.[A-Za-z0-9_-]{20,}", RegexOptions.None, 1000)]
    private static partial Regex VaultToken();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", RegexOptions.None, 1000)]
    private static partial Regex Jwt();

    [GeneratedRegex(@"\b[a-z][a-z0-9+]{1,15}://[^\s:/@""'$<{]{1,64}:[^\s:/@""'$<{]{3,128}@", RegexOptions.None, 1000)]
    private static partial Regex UrlPassword();

    // A literal of some length after a telling key; references (${…}, {{…}}, vault:…) and empty values are not literals.
    [GeneratedRegex(@"(?im)^[\s\-""']*[\w.-]{0,40}(password|passwd|secret[_-]?key|api[_-]?key|access[_-]?token|client[_-]?secret)[""']?\s*[:=]\s*[""']?(?!vault:)[A-Za-z0-9+/=_!@#%^&*.-]{8,}[""']?\s*$", RegexOptions.None, 1000)]
    private static partial Regex AssignedSecret();
}
