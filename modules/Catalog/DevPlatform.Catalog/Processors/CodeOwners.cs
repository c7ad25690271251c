using System.Text;
using System.Text.RegularExpressions;

namespace DevPlatform.Catalog.Processors;

/// <summary>Reads CODEOWNERS files (GitHub's and GitLab's common form): patterns as in .gitignore, of which the last that matches decides.</summary>
internal static class CodeOwners
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The first owner of a path as an entity reference, or null when nobody owns it.</summary>
    /// <param name="path">Path from the repository's root, without leading slash.</param>
    /// <param name="text">The CODEOWNERS file.</param>
    public static string? OwnerOf(string path, string text)
    {
        var rule = text.Split('\n').Select(Fields).LastOrDefault(fields => fields.Length > 0 && Matches(fields[0], path));
        return rule is { Length: > 1 } ? Reference(rule[1]) : null;
    }

    // Comments, GitLab's [sections] and patterns that negate say nothing about an owner here.
    private static string[] Fields(string line)
    {
        var comment = line.IndexOf(" #", StringComparison.Ordinal);
        var fields = (comment < 0 ? line : line[..comment]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 0 || fields[0][0] is '#' or '[' or '^' or '!' ? [] : fields;
    }

    /// <summary><c>@org/team</c> → <c>team</c>, <c>@user</c> → <c>User:user</c>, <c>user@example.com</c> → <c>User:user</c>.</summary>
    private static string Reference(string owner) => owner switch
    {
        ['@', ..] when owner.Contains('/', StringComparison.Ordinal) => owner[(owner.LastIndexOf('/') + 1)..],
        ['@', ..] => $"User:{owner[1..]}",
        _ when owner.Contains('@', StringComparison.Ordinal) => $"User:{owner[..owner.IndexOf('@', StringComparison.Ordinal)]}",
        _ => owner,
    };

    private static bool Matches(string pattern, string path)
    {
        var anchored = pattern.TrimEnd('/').Contains('/', StringComparison.Ordinal);
        var regex = new StringBuilder(anchored ? "^" : "(^|/)");
        var rest = pattern.TrimStart('/');
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest.AsSpan(i).StartsWith("**/"))
            {
                regex.Append("(.*/)?");
                i += 2;
            }
            else if (rest.AsSpan(i).StartsWith("**"))
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(rest[i] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    var c => Regex.Escape(c.ToString()),
                });
            }
        }

        // A pattern that names a directory holds all below it; "docs/*" only what is directly there.
        regex.Append(rest.EndsWith('/') ? ".*$" : rest.EndsWith("/*", StringComparison.Ordinal) ? "$" : "(/.*)?$");
        return Regex.IsMatch(path, regex.ToString(), RegexOptions.NonBacktracking, MatchTimeout);
    }
}
