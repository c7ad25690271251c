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
        GuardrailOptions options, string? templateType, Workspace workspace, string directory, CancellationToken cancellationToken)
    {
        var prefix = workspace.Relative(workspace.Resolve(directory));
        var texts = await ReadAsync(workspace, directory, prefix, cancellationToken);
        var violations = Missing(options, templateType, texts);
        if (violations.Count > 0 && prefix != ".")
        {
            // One of several outputs: required is that the template as a whole made the files.
            violations = Missing(options, templateType, await ReadAsync(workspace, ".", ".", cancellationToken));
        }

        violations.AddRange(texts.SelectMany(file => Forbidden(file.Key, file.Value)));
        if (violations.Count > 0)
        {
            throw new InputException($"The output does not follow the golden path: {string.Join("; ", violations)}");
        }
    }

    /// <summary>Texts by path below the directory; those of very large files are left out.</summary>
    public static async Task<Dictionary<string, string>> ReadAsync(Workspace workspace, string directory, string prefix, CancellationToken cancellationToken)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in workspace.Files(directory))
        {
            var full = workspace.Resolve(file);
            texts[prefix == "." ? file : file[(prefix.Length + 1)..]] =
                new FileInfo(full).Length <= LargestScannedFile ? Encoding.UTF8.GetString(await File.ReadAllBytesAsync(full, cancellationToken)) : "";
        }

        return texts;
    }

    private static List<string> Missing(GuardrailOptions options, string? type, Dictionary<string, string> texts) =>
        [.. MissingFiles(options.GoldenPath, type, texts.Keys), .. GoldenPathContent.Violations(options, type, texts)];

    private static IEnumerable<string> MissingFiles(GoldenPathOptions options, string? type, IEnumerable<string> files)
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
        foreach (var (what, index) in SecretScanner.Find(file, text))
        {
            // Where, never what: this message goes to logs.
            yield return $"{file}:{LineOf(text, index)} contains {what}; allowed: a reference to Vault";
        }

        if (!IsYaml(file) && !file.EndsWith("Dockerfile", StringComparison.Ordinal))
        {
            yield break;
        }

        foreach (Match latest in LatestTag().Matches(text))
        {
            yield return $"{file}:{LineOf(text, latest.Index)} uses an image tagged \"latest\"; allowed: a version or digest";
        }

        foreach (var privileged in IsYaml(file) ? Privileged().Matches(text) : Enumerable.Empty<Match>())
        {
            yield return $"{file}:{LineOf(text, privileged.Index)} asks for a privileged container; allowed: unprivileged ones";
        }
    }

    private static bool IsYaml(string file) => file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal);

    private static int LineOf(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    [GeneratedRegex(@"(?m)^\s*(-\s*)?(image:|FROM)\s*[""']?[^\s""'#]+:latest\b", RegexOptions.None, 1000)]
    private static partial Regex LatestTag();

    [GeneratedRegex(@"(?m)^\s*(-\s*)?(privileged|allowPrivilegeEscalation):\s*true\b", RegexOptions.None, 1000)]
    private static partial Regex Privileged();
}
