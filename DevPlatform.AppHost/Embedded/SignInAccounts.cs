using System.Text;
using System.Text.Json.Nodes;

namespace DevPlatform.AppHost.Embedded;

/// <summary>The people of the realm file who sign in with a password, for the developer at the terminal.</summary>
internal static class SignInAccounts
{
    public static string Describe(string realmFile)
    {
        var text = new StringBuilder("  sign in as (password = name):");
        var users = JsonNode.Parse(File.ReadAllText(realmFile))?["users"]?.AsArray() ?? [];
        foreach (var user in users.Where(user => user?["credentials"] is JsonArray { Count: > 0 }))
        {
            var roles = string.Join(", ", user!["realmRoles"]?.AsArray().Select(role => $"{role}") ?? []);
            text.AppendLine().Append($"    {user["username"]}".PadRight(24)).Append(roles);
        }

        return text.ToString();
    }
}
