using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>A valid entity found in a source.</summary>
/// <param name="Ref">Its reference, lower case.</param>
/// <param name="Entity">As it is stored: placeholders resolved, annotated.</param>
/// <param name="ParentRef">The Location entity that led to it; null for the root.</param>
/// <param name="Location">The file it is in, <c>&lt;type&gt;:&lt;target&gt;</c>.</param>
internal sealed record SourceEntity(string Ref, JsonObject Entity, string? ParentRef, string Location)
{
    private string? _document;

    /// <summary><see cref="Entity"/> as text.</summary>
    public string Document => _document ??= EntityJson.Write(Entity);

    /// <summary>Whether it only stands for a location; two roots may have the same one.</summary>
    public bool IsRootLocation => ParentRef is null && EntityJson.Kind(Entity) == "Location";

    /// <summary>Whether it is right that another root has it: the organization's groups, which a file may describe.</summary>
    public bool GivesWay { get; init; }
}

/// <summary>Something in a source that cannot be used.</summary>
/// <param name="EntityRef">The entity concerned, where that can be told.</param>
/// <param name="ParentRef">The Location entity that led there; it carries the error when the entity does not exist.</param>
/// <param name="Name">Kind of error, as error bodies name it.</param>
/// <param name="Message">File, line and reason.</param>
internal sealed record SourceIssue(string? EntityRef, string ParentRef, string Name, string Message);

/// <summary>Everything that a root location leads to, as it is now.</summary>
internal sealed class SourceTree
{
    /// <summary>Valid entities in order, each ref once.</summary>
    public List<SourceEntity> Entities { get; } = [];

    public List<SourceIssue> Issues { get; } = [];

    /// <summary>Files that could not be read in full: entities that they held before stay until they can.</summary>
    public HashSet<string> UnreadLocations { get; } = new(StringComparer.Ordinal);

    /// <summary>What the tree depends on → version; null when something could not be asked, so that the next run reads again.</summary>
    public IReadOnlyDictionary<string, string>? Dependencies { get; set; }
}
