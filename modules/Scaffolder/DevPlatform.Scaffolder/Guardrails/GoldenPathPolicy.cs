using System.Text;
using System.Text.RegularExpressions;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.FileSystemGlobbing;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>
/// The golden-path policy (INV-5): what is about to be published has the files its template type requires and nothing forbidden. Failing output
/// is never published; the message lists every violation.
/// </summary>
internal static partial class GoldenPathPolicy
{
    public const string TypeAnnotation = "devplatform.io/golden-path";

    private const int LargestScannedFile = 1024 * 1024;

    /// <exception cref="InputException">Something is missing or forbidden.</exception>
    public static async Task RequireAsync(
        GoldenPathOptions options, string? templateType, Workspace workspace, string directory, CancellationToken cancellationToken)
    {
        var files = workspace.Files(directory);
        var prefix = workspace.Relative(workspace.Resolve(directory));
        var relative = files.ToDictionary(f => prefix == "." ? f : f[(prefix.Length + 1)..], StringComparer.Ordinal);
        var violations = MissingFiles(options, templateType, [.. relative.Keys]).ToList();
        if (violations.Count > 0 && prefix != ".")
        {
            // One of several outputs: required is that the template as a whole made the files.
            violations = [.. MissingFiles(options, templateType, workspace.Files())];
        }

        foreach (var (name, file) in relative)
        {
            var full = workspace.Resolve(file);
            if (new FileInfo(full).Length <= LargestScannedFile)
            {
                violations.AddRange(Forbidden(name, Encoding.UTF8.GetString(await File.ReadAllBytesAsync(full, cancellationToken))));
            }
        }

        if (violations.Count > 0)
        {
            throw new InputException($"The output does not follow the golden path: {string.Join("; ", violations)}");
        }
    }

    private static IEnumerable<string> MissingFiles(GoldenPathOptions options, string? type, IReadOnlyList<string> files)
    {
        foreach (var required in EnvironmentTiers.Split(options.RequiredFiles.GetValueOrDefault(type ?? "") ?? ""))
        {
            var matcher = new Matcher(StringComparison.Ordinal);
            matcher.AddIncludePatterns(required.Split('|', StringSplitOptions.TrimEntries));
            if (!matcher.Match(files).HasMatches)
            {
                yield return $"required file missing: {required} (template type {type})";
            }
        }
    }

    private static IEnumerable<string> Forbidden(string file, string text)
    {
        foreach (var (what, pattern) in SecretPatterns)
        {
            if (pattern.Match(text) is { Success: true } match)
            {
                // Where, never what: this message goes to logs.
                yield return $"{file}:{LineOf(text, match.Index)} contains {what}; allowed: a reference to Vault";
            }
        }

        if (!IsYaml(file) && !file.EndsWith("Dockerfile", StringComparison.Ordinal))
        {
            yield break;
        }

        if (LatestTag().Match(text) is { Success: true } latest)
        {
            yield return $"{file}:{LineOf(text, latest.Index)} uses an image tagged \"latest\"; allowed: a version or digest";
        }

        if (IsYaml(file) && Privileged().Match(text) is { Success: true } privileged)
        {
            yield return $"{file}:{LineOf(text, privileged.Index)} asks for a privileged container; allowed: unprivileged ones";
        }
    }

    private static bool IsYaml(string file) => file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal);

    private static int LineOf(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    private static readonly (string What, Regex Pattern)[] SecretPatterns =
    [
        ("a private key", PrivateKey()),
        ("an AWS access key", AwsKey()),
        ("a GitHub token", GitHubToken()),
        ("a Vault token", VaultToken()),
        ("a JSON Web Token", Jwt()),
        ("a password in a URL", UrlPassword()),
        ("a literal password or token", AssignedSecret()),
    ];

    [GeneratedRegex("-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----", RegexOptions.None, 1000)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(AKIA|ASIA)[0-9A-Z]{16}\b", RegexOptions.None, 1000)]
    private static partial Regex AwsKey();

    [GeneratedRegex(@"\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})", RegexOptions.None, 1000)]
    private static partial Regex GitHubToken();

    [GeneratedRegex(@"\bhv[sb]\.[A-Za-z0-9_-]{20,}", RegexOptions.None, 1000)]
    private static partial Regex VaultToken();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", RegexOptions.None, 1000)]
    private static partial Regex Jwt();

    [GeneratedRegex(@"\b[a-z][a-z0-9+]{1,15}://[^\s:/@""'$<{]{1,64}:[^\s:/@""'$<{]{3,128}@", RegexOptions.None, 1000)]
    private static partial Regex UrlPassword();

    // A literal of some length after a telling key; references (${…}, {{…}}, vault:…) and empty values are not literals.
    [GeneratedRegex(@"(?im)^[\s\-""']*[\w.-]{0,40}(password|passwd|secret[_-]?key|api[_-]?key|access[_-]?token|client[_-]?secret)[""']?\s*[:=]\s*[""']?(?!vault:)[A-Za-z0-9+/=_!@#%^&*.-]{8,}[""']?\s*$", RegexOptions.None, 1000)]
    private static partial Regex AssignedSecret();

    [GeneratedRegex(@"(?m)^\s*(-\s*)?(image:|FROM)\s*[""']?[^\s""'#]+:latest\b", RegexOptions.None, 1000)]
    private static partial Regex LatestTag();

    [GeneratedRegex(@"(?m)^\s*(-\s*)?(privileged|allowPrivilegeEscalation):\s*true\b", RegexOptions.None, 1000)]
    private static partial Regex Privileged();
}
