using System.Text;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Shared.Git;

/// <summary>Paths inside a repository.</summary>
internal static class GitPath
{
    /// <summary>Resolves <c>.</c> and <c>..</c>; the result has no leading or trailing slash.</summary>
    /// <exception cref="InputException">The path leaves the repository.</exception>
    public static string Normalize(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    throw new InputException($"Path \"{path}\" is not valid: it leads out of the repository");
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part.Contains('\0', StringComparison.Ordinal))
            {
                throw new InputException($"Path \"{path}\" is not valid: it contains a zero character");
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    public static string DecodeText(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }
}
