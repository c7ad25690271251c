using DevPlatform.MockTools.Kubernetes.Types;

namespace DevPlatform.MockTools.Kubernetes.Objects;

/// <summary>Which object; the version it is asked for in does not matter. The namespace of a cluster-wide object is empty.</summary>
internal readonly record struct ObjectKey(string Group, string Plural, string Namespace, string Name) : IComparable<ObjectKey>
{
    public static ObjectKey Of(ResourceType type, string @namespace, string name) => new(type.Group, type.Plural, @namespace, name);

    public bool IsOf(ResourceType type) => Group == type.Group && Plural == type.Plural;

    public int CompareTo(ObjectKey other)
    {
        var order = string.CompareOrdinal(Group, other.Group);
        order = order != 0 ? order : string.CompareOrdinal(Plural, other.Plural);
        order = order != 0 ? order : string.CompareOrdinal(Namespace, other.Namespace);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }
}
