using DevPlatform.Catalog.TechDocs.Site;
using Microsoft.AspNetCore.StaticFiles;

namespace DevPlatform.Catalog.TechDocs.Endpoints;

/// <summary>Content types of authors' files: those that a browser runs are text, as Backstage sends them; scripts and style sheets too.</summary>
internal static class DocsContentTypes
{
    private const string Text = "text/plain; charset=utf-8";

    private static readonly string[] Active = ["htm", "xml", "svg", "appcache", "manifest", "mathml", "owl", "rdf", "rng", "vtt", "xht", "xsd", "xsl", "js", "mjs", "css", "wasm", "swf"];

    private static readonly FileExtensionContentTypeProvider Known = new();

    public static string Of(string path)
    {
        if (path == SiteStyles.Path)
        {
            return "text/css; charset=utf-8";
        }

        var extension = Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
        if (Active.Any(active => extension.Contains(active, StringComparison.Ordinal)) && extension != "json")
        {
            return Text;
        }

        return !Known.TryGetContentType(path, out var type) ? "application/octet-stream"
            : type.StartsWith("text/", StringComparison.Ordinal) ? Text
            : type == "application/json" ? "application/json; charset=utf-8" : type;
    }
}
