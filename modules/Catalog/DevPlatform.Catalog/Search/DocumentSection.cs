namespace DevPlatform.Catalog.Search;

/// <summary>A section of an entity's documentation, as search finds it: type <c>techdocs</c>, visible to whoever may see the entity, gone with it.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Text">Plain text, no markup; its first 50,000 characters are searched.</param>
/// <param name="Path">Page and anchor, relative to the documentation's root: <c>guide/#install</c>.</param>
internal sealed record DocumentSection(string Title, string Text, string Path);
