using DevPlatform.Catalog.TechDocs.Sources;

namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>Addresses within a site: every page is a directory, because the reader asks for <c>&lt;path&gt;/index.html</c>.</summary>
internal static class SiteUrls
{
    public static bool IsPage(string path) => path.EndsWith(".md", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".markdown", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>index.md</c> → "", <c>a/b.md</c> → <c>a/b/</c>. <c>README.md</c> is a directory's page like <c>index.md</c>.</summary>
    public static string OfPage(string path)
    {
        var directory = DocsPath.DirectoryOf(path);
        var name = Path.GetFileNameWithoutExtension(DocsPath.NameOf(path));
        var page = IsIndex(path) ? directory : directory.Length == 0 ? name : $"{directory}/{name}";
        return page.Length == 0 ? "" : page + "/";
    }

    public static bool IsIndex(string path) => Path.GetFileNameWithoutExtension(DocsPath.NameOf(path)) is "index" or "README";

    /// <summary>The relative address, percent-encoded, that leads from a page to a page or file of the site.</summary>
    public static string Relative(string fromPage, string to)
    {
        var from = fromPage.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var parts = to.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isDirectory = to.Length == 0 || to.EndsWith('/');
        var common = 0;
        while (common < from.Length && common < (isDirectory ? parts.Length : parts.Length - 1) && from[common] == parts[common])
        {
            common++;
        }

        var up = string.Concat(Enumerable.Repeat("../", from.Length - common));
        var down = string.Join('/', parts.Skip(common).Select(Uri.EscapeDataString));
        var address = up + down + (isDirectory && down.Length > 0 ? "/" : "");
        return address.Length == 0 ? "./" : address;
    }
}
