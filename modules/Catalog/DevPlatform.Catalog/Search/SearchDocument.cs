using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.TechDocs.Sources;

namespace DevPlatform.Catalog.Search;

/// <summary>Types of documents.</summary>
internal static class SearchTypes
{
    /// <summary>Entities.</summary>
    public const string Catalog = "software-catalog";

    /// <summary>Sections of documentation.</summary>
    public const string TechDocs = "techdocs";

    public static readonly IReadOnlyList<string> All = [Catalog, TechDocs];
}

/// <summary>What search says about an entity, with the names that Backstage's collators give.</summary>
/// <param name="Title">Title, or else name.</param>
/// <param name="Text">Description; of users and groups with display name, of users with e-mail address too.</param>
/// <param name="Kind">As written.</param>
/// <param name="Namespace">As written.</param>
/// <param name="Name">As written.</param>
/// <param name="Type"><c>spec.type</c>, or <c>other</c>.</param>
/// <param name="Lifecycle"><c>spec.lifecycle</c>, or empty.</param>
/// <param name="Owner"><c>spec.owner</c> as written, or empty.</param>
/// <param name="Tags">Tags.</param>
/// <param name="HasDocumentation">Whether it says where its documentation is.</param>
internal sealed record SearchDocument(
    string Title, string Text, string Kind, string Namespace, string Name, string Type, string Lifecycle, string Owner, IReadOnlyList<string> Tags,
    bool HasDocumentation)
{
    /// <summary>Value of an absent <c>spec.type</c>.</summary>
    public const string OtherType = "other";

    /// <summary>Words besides title and text that an entity is found by.</summary>
    public string Terms => string.Join(' ', [Kind, Namespace, Name, Type, Lifecycle, Owner, .. Tags]);

    public static SearchDocument Of(byte[] entity)
    {
        using var document = JsonDocument.Parse(entity);
        var root = document.RootElement;
        var metadata = root.GetProperty("metadata");
        var spec = root.TryGetProperty("spec", out var found) ? found : default;
        var kind = Read(root, "kind") ?? "";
        var name = Read(metadata, "name") ?? "";
        var description = Read(metadata, "description") ?? "";
        if (kind is "User" or "Group" && spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty("profile", out var profile))
        {
            description = string.Join(" : ", new[] { description, Read(profile, "displayName"), kind == "User" ? Read(profile, "email") : null }.Where(part => !string.IsNullOrEmpty(part)));
        }

        var tags = metadata.TryGetProperty("tags", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(tag => tag.ValueKind == JsonValueKind.String).Select(tag => tag.GetString()!).ToList()
            : [];
        return new SearchDocument(
            Read(metadata, "title") ?? name, description, kind, Read(metadata, "namespace") ?? EntityRef.DefaultNamespace, name,
            Read(spec, "type") ?? OtherType, Read(spec, "lifecycle") ?? "", Read(spec, "owner") ?? "", tags,
            metadata.TryGetProperty("annotations", out var annotations) && Read(annotations, DocsSource.RefAnnotation) is not null);
    }

    private static string? Read(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
