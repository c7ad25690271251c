using System.Collections.Frozen;

namespace DevPlatform.Catalog.Entities;

/// <summary>What a field of <c>spec</c> holds.</summary>
internal enum FieldType
{
    Text,
    TextList,
    Reference,
    ReferenceList,
    Presence,
    Profile,
    Steps,
}

/// <summary>A field of <c>spec</c> that has rules; for references, also the relation that it makes.</summary>
/// <param name="Name">Key in <c>spec</c>.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Required">Whether it must be there.</param>
/// <param name="Relation">Type of the relation from this entity to the one referred to.</param>
/// <param name="DefaultKind">Kind of references that name none; null where they must.</param>
internal sealed record SpecField(string Name, FieldType Type, bool Required = false, string? Relation = null, string? DefaultKind = null);

/// <summary>A built-in kind: its API versions and the fields of its <c>spec</c>. Other fields are allowed and kept.</summary>
internal sealed record EntityKind(string Name, IReadOnlyList<string> ApiVersions, IReadOnlyList<SpecField> Fields)
{
    /// <summary>Users, groups and locations need no owner; everything else does (INV-7).</summary>
    public bool NeedsOwner => Fields.Any(f => f.Name == "owner");
}

/// <summary>The built-in kinds, and the relations between entities.</summary>
internal static class EntityKinds
{
    private static readonly string[] Core = ["backstage.io/v1alpha1", "backstage.io/v1beta1"];

    private static readonly SpecField Owner = new("owner", FieldType.Reference, true, "ownedBy", "Group");
    private static readonly SpecField System = new("system", FieldType.Reference, false, "partOf", "System");
    private static readonly SpecField DependsOn = new("dependsOn", FieldType.ReferenceList, false, "dependsOn");
    private static readonly SpecField DependencyOf = new("dependencyOf", FieldType.ReferenceList, false, "dependencyOf");

    private static readonly FrozenDictionary<string, EntityKind> ByName = new EntityKind[]
    {
        new("Component", Core,
        [
            Text("type"), Text("lifecycle"), Owner, System, new("subcomponentOf", FieldType.Reference, false, "partOf", "Component"),
            new("providesApis", FieldType.ReferenceList, false, "providesApi", "API"), new("consumesApis", FieldType.ReferenceList, false, "consumesApi", "API"),
            DependsOn, DependencyOf,
        ]),
        new("API", Core, [Text("type"), Text("lifecycle"), Owner, Text("definition"), System]),
        new("Resource", Core, [Text("type"), Owner, System, DependsOn, DependencyOf]),
        new("System", Core, [Owner, new("domain", FieldType.Reference, false, "partOf", "Domain"), Text("type", false)]),
        new("Domain", Core, [Owner, new("subdomainOf", FieldType.Reference, false, "partOf", "Domain"), Text("type", false)]),
        new("Group", Core,
        [
            Text("type"), new("parent", FieldType.Reference, false, "childOf", "Group"), new("children", FieldType.ReferenceList, true, "parentOf", "Group"),
            new("members", FieldType.ReferenceList, false, "hasMember", "User"), new("profile", FieldType.Profile),
        ]),
        new("User", Core, [new("memberOf", FieldType.ReferenceList, true, "memberOf", "Group"), new("profile", FieldType.Profile)]),
        new("Location", Core,
            [Text("type", false), Text("target", false), new("targets", FieldType.TextList), new("presence", FieldType.Presence)]),
        new("Template", ["scaffolder.backstage.io/v1beta3"], [Text("type"), Owner, Text("lifecycle", false), new("steps", FieldType.Steps, true)]),
    }.ToFrozenDictionary(kind => kind.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Kinds that are not built in are kept as they are, but owned like the rest.</summary>
    private static readonly EntityKind Foreign = new("", [], [Owner]);

    /// <summary>Relations by what the entity that declares them calls them, and by what the other end does.</summary>
    public static readonly IReadOnlyList<(string Forward, string Reverse)> RelationPairs =
    [
        ("ownedBy", "ownerOf"), ("partOf", "hasPart"), ("providesApi", "apiProvidedBy"), ("consumesApi", "apiConsumedBy"), ("dependsOn", "dependencyOf"),
        ("memberOf", "hasMember"), ("childOf", "parentOf"),
    ];

    private static readonly FrozenDictionary<string, string> Inverses = RelationPairs
        .SelectMany(pair => new[] { pair, (Forward: pair.Reverse, Reverse: pair.Forward) }).ToFrozenDictionary(pair => pair.Forward, pair => pair.Reverse, StringComparer.Ordinal);

    public static IEnumerable<string> Names => ByName.Values.Select(kind => kind.Name);

    /// <summary>The kind of that name in any case, or null.</summary>
    public static EntityKind? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The rules of a valid entity's kind.</summary>
    public static EntityKind Of(string name) => Find(name) ?? Foreign;

    /// <summary>The other end's name for a relation: <c>ownedBy → ownerOf</c>.</summary>
    public static string Inverse(string relation) => Inverses[relation];

    private static SpecField Text(string name, bool required = true) => new(name, FieldType.Text, required);
}
