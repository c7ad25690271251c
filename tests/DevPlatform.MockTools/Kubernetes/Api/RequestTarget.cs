using DevPlatform.MockTools.Kubernetes.Objects;
using DevPlatform.MockTools.Kubernetes.Types;

namespace DevPlatform.MockTools.Kubernetes.Api;

/// <summary>What an address of the API speaks of: a kind, maybe in a namespace, maybe one object of it, maybe a part of that.</summary>
internal sealed record RequestTarget(ResourceType Type, string Namespace, string? Name, string Subresource)
{
    public ObjectKey Key => ObjectKey.Of(Type, Namespace, Name!);

    /// <summary>Reads the part of the path after <c>/api/{version}</c> or <c>/apis/{group}/{version}</c>; null when nothing is served there.</summary>
    public static RequestTarget? Parse(TypeRegistry types, string group, string version, string[] rest)
    {
        var inNamespace = rest.Length >= 3 && rest[0] == "namespaces" && rest[2] is not ("status" or "finalize");
        var below = inNamespace ? rest[2..] : rest;
        if (below.Length is 0 or > 3 || types.Find(group, version, below[0]) is not { } type || below.Any(p => p.Length == 0))
        {
            return null;
        }

        var name = below.ElementAtOrDefault(1);
        var subresource = below.ElementAtOrDefault(2) ?? "";
        var scopeFits = inNamespace ? type.Namespaced : !type.Namespaced || name is null;
        var partFits = subresource.Length == 0 || (subresource == "status" && type.HasStatus) || (subresource == PodLogs.Subresource && type is { Group: "", Plural: "pods" });
        return scopeFits && partFits ? new RequestTarget(type, inNamespace ? rest[1] : "", name, subresource) : null;
    }
}
