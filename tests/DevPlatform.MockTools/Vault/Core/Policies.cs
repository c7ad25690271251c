using System.Text.RegularExpressions;

namespace DevPlatform.MockTools.Vault.Core;

/// <summary>Vault's ACL: which capabilities a token's policies give it on a path.</summary>
internal sealed partial class Policies(VaultStore store)
{
    private const string Default = """
        path "auth/token/lookup-self" { capabilities = ["read"] }
        path "auth/token/renew-self" { capabilities = ["update"] }
        path "auth/token/revoke-self" { capabilities = ["update"] }
        path "sys/capabilities-self" { capabilities = ["update"] }
        path "sys/internal/ui/mounts/*" { capabilities = ["read"] }
        path "sys/leases/renew" { capabilities = ["update"] }
        path "sys/renew" { capabilities = ["update"] }
        path "sys/leases/lookup" { capabilities = ["update"] }
        path "sys/wrapping/*" { capabilities = ["update"] }
        """;

    /// <summary>Reads <c>*.hcl</c> of a directory: the policy's name is the file's.</summary>
    public void Load(string directory) => store.Write(data =>
    {
        foreach (var file in Directory.GetFiles(directory, "*.hcl"))
        {
            data.Policies[Path.GetFileNameWithoutExtension(file)] = File.ReadAllText(file);
        }
    });

    public string[] Capabilities(VaultToken token, string path)
    {
        if (token.IsRoot)
        {
            return ["root"];
        }

        var rules = store.Read(data =>
            token.Policies.Select(p => p == "default" ? data.Policies.GetValueOrDefault(p, Default)
            : data.Policies.GetValueOrDefault(p, "")).ToArray())
            .SelectMany(Parse).Where(r => Matches(r.Path, path)).ToArray();
        if (rules.Length == 0)
        {
            return ["deny"];
        }

        // The most specific path decides; the same path in several policies adds up; deny beats everything.
        var best = rules.OrderByDescending(r => Specificity(r.Path)).First().Path;
        var granted = rules.Where(r => r.Path == best).SelectMany(r => r.Capabilities).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToArray();
        return granted.Contains("deny") || granted.Length == 0 ? ["deny"] : granted;
    }

    public bool Allows(VaultToken token, string path, string capability)
    {
        var granted = Capabilities(token, path);
        return granted is ["root"] || granted.Contains(capability);
    }

    public static bool IsValid(string policy) => Parse(policy).Any();

    private static IEnumerable<(string Path, string[] Capabilities)> Parse(string policy) =>
        Rule().Matches(Comment().Replace(policy, ""))
            .Select(m => (m.Groups["path"].Value.TrimStart('/'),
            Word().Matches(m.Groups["capabilities"].Value).Select(w => w.Groups["word"].Value).ToArray()));

    private static bool Matches(string pattern, string path)
    {
        var regex = Regex.Escape(pattern).Replace("\\+", "[^/]+");
        regex = pattern.EndsWith('*') ? regex[..^2] + ".*" : regex;
        return Regex.IsMatch(path, $"^{regex}$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }

    private static int Specificity(string pattern) =>
        (pattern.EndsWith('*') || pattern.Contains('+') ? 0 : 100_000) + (pattern.IndexOfAny(['+', '*']) is >= 0 and var first ? first
        : pattern.Length);

    [GeneratedRegex("""path\s+"(?<path>[^"]+)"\s*\{[^}]*?capabilities\s*=\s*\[(?<capabilities>[^\]]*)\][^}]*\}""",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex("""(^|\s)(#|//).*$""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("\"(?<word>[a-z]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
