namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>A link that leads nowhere.</summary>
/// <param name="Page">The page that holds it, from the docs directory; <c>mkdocs.yml</c> for an entry of the navigation.</param>
/// <param name="Link">As written.</param>
/// <param name="Reason">What is missing.</param>
internal sealed record BrokenLink(string Page, string Link, string Reason);

/// <summary>What an author should know about a build.</summary>
internal sealed class BuildReport
{
    private const int MaxEntries = 200;

    private readonly List<BrokenLink> _brokenLinks = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<BrokenLink> BrokenLinks => _brokenLinks;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Broken(string page, string link, string reason)
    {
        var broken = new BrokenLink(page, Shorten(link), reason);
        if (_brokenLinks.Count < MaxEntries && !_brokenLinks.Contains(broken))
        {
            _brokenLinks.Add(broken);
        }
    }

    public void Warn(string message)
    {
        if (_warnings.Count < MaxEntries)
        {
            _warnings.Add(Shorten(message));
        }
    }

    private static string Shorten(string text) => text.Length <= 500 ? text : text[..500] + "…";
}
