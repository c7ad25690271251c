namespace DevPlatform.Catalog.TechDocs.Site;

/// <summary>A page, ready to be put into its frame.</summary>
internal sealed class SitePage
{
    /// <summary>The Markdown file, from the docs directory.</summary>
    public required string Source { get; init; }

    /// <summary>Address in the site: "" or <c>a/b/</c>.</summary>
    public required string Url { get; init; }

    /// <summary>From front matter, the first heading or the file's name; a navigation entry may say otherwise.</summary>
    public required string Title { get; set; }

    /// <summary>From front matter.</summary>
    public string? Description { get; init; }

    /// <summary>Clean content.</summary>
    public required string Html { get; init; }

    public required bool HasTitleHeading { get; init; }

    public required IReadOnlyList<Heading> Headings { get; init; }

    /// <summary>Text for search: the first is all of the page, the others are headings' sections.</summary>
    public required IReadOnlyList<SearchSection> Sections { get; init; }

    /// <summary>Every id that a link can lead to.</summary>
    public required IReadOnlySet<string> Ids { get; init; }

    public string OutputPath => Url + "index.html";
}

/// <summary>A heading with an id.</summary>
internal sealed record Heading(int Level, string Id, string Text);

/// <summary>What search finds.</summary>
/// <param name="Anchor">The heading's id; null for the page.</param>
/// <param name="Title">Heading or page title.</param>
/// <param name="Text">Plain text.</param>
internal sealed record SearchSection(string? Anchor, string Title, string Text);
