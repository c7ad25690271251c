using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>The filters that Backstage adds to its template language: <c>parseEntityRef</c>, <c>parseRepoUrl</c>, <c>projectSlug</c>, <c>pick</c>.</summary>
internal static class BackstageFilters
{
    /// <param name="hosts">Hosts whose repository addresses <c>parseRepoUrl</c> takes.</param>
    public static IReadOnlyDictionary<string, TemplateFunction> For(IReadOnlySet<string> hosts) => new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
    {
        ["parseEntityRef"] = arguments => Value(ParseEntityRef(Text(arguments[0], "parseEntityRef"), JsonConversion.ToJson(arguments[1]))),
        ["parseRepoUrl"] = arguments => Value(ParseRepoUrl(Text(arguments[0], "parseRepoUrl"), hosts)),
        ["projectSlug"] = arguments => ParseRepoUrl(Text(arguments[0], "projectSlug"), hosts) is var repository
            ? $"{repository["owner"]}/{repository["repo"]}"
            : default(TemplateValue),
        ["pick"] = arguments => Value(Pick(JsonConversion.ToJson(arguments[0]), Text(arguments[1], "pick"))),
    };

    private static JsonObject ParseEntityRef(string text, JsonNode? defaults)
    {
        var kind = defaults?["defaultKind"]?.ToString();
        var ns = defaults?["defaultNamespace"]?.ToString() ?? EntityRef.DefaultNamespace;
        if (!EntityRef.TryParse(text, out var parsed, kind, ns))
        {
            throw new FormatException($"Entity reference \"{text}\" had missing or empty kind (e.g. did not start with \"component:\" or similar)");
        }

        return new JsonObject { ["kind"] = parsed.Kind, ["namespace"] = parsed.Namespace, ["name"] = parsed.Name };
    }

    /// <summary>As RepoUrlPicker gives it: <c>github.com?owner=acme&amp;repo=orders</c>.</summary>
    private static JsonObject ParseRepoUrl(string text, IReadOnlySet<string> hosts)
    {
        if (!Uri.TryCreate($"https://{text}", UriKind.Absolute, out var uri))
        {
            throw new FormatException($"Invalid repo URL passed to publisher, got {text}");
        }

        if (!hosts.Contains(uri.Authority))
        {
            throw new ArgumentException($"No matching integration configuration for host {uri.Authority}, please check your integrations config");
        }

        var result = new JsonObject { ["host"] = uri.Authority };
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts[0] is "owner" or "repo" or "organization" or "workspace" or "project")
            {
                result[parts[0]] = Uri.UnescapeDataString(parts.ElementAtOrDefault(1)?.Replace('+', ' ') ?? "");
            }
        }

        return result["repo"] is null ? throw new FormatException($"Invalid repo URL passed to publisher: {text}, missing repo") : result;
    }

    private static JsonNode? Pick(JsonNode? value, string path)
    {
        foreach (var part in path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            value = value switch
            {
                JsonObject o => o[part],
                JsonArray a when int.TryParse(part, out var index) && index >= 0 && index < a.Count => a[index],
                _ => null,
            };
        }

        return value;
    }

    private static string Text(TemplateValue value, string filter) =>
        value.AsText ?? throw new ArgumentException($"{filter} needs a text");

    private static TemplateValue Value(JsonNode? node) => node is null ? default : JsonConversion.FromJson(node);
}
