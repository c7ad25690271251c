namespace DevPlatform.Catalog.Contracts;

/// <summary>
/// A reference to an entity, <c>[kind:][namespace/]name</c> in text (Backstage's entity reference). The text form is lower case in full; the
/// parts keep the case they came in.
/// </summary>
public readonly record struct EntityRef(string Kind, string Namespace, string Name)
{
    /// <summary>The namespace of entities that name none.</summary>
    public const string DefaultNamespace = "default";

    /// <summary>Parses a reference; kind and namespace fall back to what the field that holds it says.</summary>
    /// <exception cref="FormatException">Empty parts, or no kind where <paramref name="defaultKind"/> is null.</exception>
    public static EntityRef Parse(string text, string? defaultKind = null, string defaultNamespace = DefaultNamespace) =>
        TryParse(text, out var parsed, defaultKind, defaultNamespace)
            ? parsed
            : throw new FormatException($"Entity reference \"{text}\" was not on the form [<kind>:][<namespace>/]<name>");

    /// <summary>As <see cref="Parse"/>, without throwing.</summary>
    public static bool TryParse(string? text, out EntityRef entityRef, string? defaultKind = null, string defaultNamespace = DefaultNamespace)
    {
        entityRef = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var kind = defaultKind;
        var ns = defaultNamespace;
        var rest = text;
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        // A colon after the slash belongs to the name.
        if (colon >= 0 && (slash < 0 || colon < slash))
        {
            kind = rest[..colon];
            rest = rest[(colon + 1)..];
            slash = rest.IndexOf('/', StringComparison.Ordinal);
        }

        if (slash >= 0)
        {
            ns = rest[..slash];
            rest = rest[(slash + 1)..];
        }

        if (string.IsNullOrEmpty(kind) || ns.Length == 0 || rest.Length == 0)
        {
            return false;
        }

        entityRef = new EntityRef(kind, ns, rest);
        return true;
    }

    /// <summary>The lower-case text form, <c>component:default/petstore</c>.</summary>
    public override string ToString() => $"{Kind}:{Namespace}/{Name}".ToLowerInvariant();
}
