using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.TechDocs.Sources;

/// <summary>
/// What <c>mkdocs.yml</c> says, as far as it describes content. It is read as data: tags (<c>!!python/…</c>, <c>!ENV</c>) mean nothing here, and
/// hooks, plugins and themes, which would be programs, are not run.
/// </summary>
internal sealed record MkDocsConfig(string SiteName, string SiteDescription, string DocsDirectory, JsonArray? Nav, IReadOnlyList<string> Warnings)
{
    public const string DefaultDirectory = "docs";

    private static readonly YamlLimits Limits = new(MaxNodes: 20_000, MaxDepth: 40);

    private static readonly HashSet<string> Understood = new(StringComparer.Ordinal)
    {
        "site_name", "site_description", "site_url", "site_author", "copyright", "docs_dir", "nav", "pages", "markdown_extensions", "theme", "repo_url", "repo_name",
        "edit_uri", "use_directory_urls", "dev_addr", "strict", "validation", "extra", "remote_branch", "remote_name",
    };

    private static readonly HashSet<string> UnderstoodPlugins = new(StringComparer.Ordinal) { "techdocs-core", "search" };

    /// <summary>What holds without a <c>mkdocs.yml</c>.</summary>
    public static MkDocsConfig Default(string name) => new(name, "", DefaultDirectory, null, []);

    /// <param name="text">The file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="defaultName">The site's name when it has none.</param>
    /// <exception cref="InputException">It cannot be read; says where.</exception>
    public static MkDocsConfig Parse(string text, string file, string defaultName)
    {
        var document = YamlDocuments.Parse(text, Limits) is [var first, ..] ? first : null;
        if (document?.Error is not null)
        {
            throw new InputException($"{file}:{document.ErrorLine}: {document.Error}");
        }

        if (document?.Node is not JsonObject settings)
        {
            throw new InputException($"{file}: found {(document is null ? "nothing" : "no mapping")}; allowed: settings of MkDocs, such as site_name: …");
        }

        var directory = Text(settings, "docs_dir", file) ?? DefaultDirectory;
        return new MkDocsConfig(
            Text(settings, "site_name", file) is { Length: > 0 } name ? name : defaultName,
            Text(settings, "site_description", file) ?? "",
            DocsPath.Combine("", directory) is { } inside && !directory.StartsWith('/') ? inside : throw new InputException($"{file}: docs_dir: found \"{directory}\"; allowed: a directory beside or below {file}"),
            (settings["nav"] ?? settings["pages"]) switch
            {
                null => null,
                JsonArray nav => nav,
                _ => throw new InputException($"{file}: nav: allowed: a list of pages and sections"),
            },
            [.. Ignored(settings, file)]);
    }

    private static IEnumerable<string> Ignored(JsonObject settings, string file)
    {
        foreach (var (key, _) in settings)
        {
            if (key == "plugins")
            {
                foreach (var plugin in Plugins(settings[key]).Where(plugin => !UnderstoodPlugins.Contains(plugin)))
                {
                    yield return $"{file}: plugin \"{plugin}\" is ignored: plugins are not run";
                }
            }
            else if (!Understood.Contains(key))
            {
                yield return $"{file}: \"{key}\" is ignored";
            }
        }
    }

    private static IEnumerable<string> Plugins(JsonNode? plugins) => plugins switch
    {
        JsonArray list => list.Select(item => EntityJson.Text(item) ?? (item as JsonObject)?.Select(pair => pair.Key).FirstOrDefault()).OfType<string>(),
        JsonObject map => map.Select(pair => pair.Key),
        _ => [],
    };

    private static string? Text(JsonObject settings, string key, string file) => settings[key] switch
    {
        null => null,
        JsonValue value => value.ToString(),
        _ => throw new InputException($"{file}: {key}: allowed: a text"),
    };
}
