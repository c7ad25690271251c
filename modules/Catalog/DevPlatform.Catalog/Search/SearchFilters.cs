using DevPlatform.Catalog.Reads;

namespace DevPlatform.Catalog.Search;

/// <summary>Applies search's filters to entities; documentation has those of its entity.</summary>
internal static class SearchFilters
{
    private const string Component = "component";

    // Search's name of a field → the entity's, and what an entity without it counts as.
    private static readonly Dictionary<string, (string Field, string? Absent)> Fields = new(StringComparer.Ordinal)
    {
        ["kind"] = ("kind", null),
        ["namespace"] = ("metadata.namespace", null),
        ["name"] = ("metadata.name", null),
        [Component] = ("metadata.name", null),
        ["title"] = ("metadata.title", null),
        ["type"] = ("spec.type", SearchDocument.OtherType),
        ["componentType"] = ("spec.type", SearchDocument.OtherType),
        ["lifecycle"] = ("spec.lifecycle", ""),
        ["owner"] = ("spec.owner", ""),
        ["system"] = ("spec.system", ""),
        ["tag"] = ("metadata.tags", null),
        ["tags"] = ("metadata.tags", null),
    };

    /// <summary>Ids that the caller may see and the filters let through; a field that no document has matches nothing.</summary>
    public static ulong[] Select(EntityIndex.EntityView view, IReadOnlyDictionary<string, IReadOnlyList<string>> filters, EntityFilter? visible)
    {
        var ids = view.Evaluate(visible ?? EntityFilter.Everything);
        foreach (var (name, values) in filters)
        {
            Bits.And(ids, OfComponents(view, name, Having(view, name, values)));
        }

        return ids;
    }

    /// <summary>The entity's field behind a name that filters or facets have, and what an entity without it counts as.</summary>
    public static (string Field, string? Absent) FieldOf(string name) => Fields[name];

    /// <summary>For <c>component</c> only those of the ids that are components.</summary>
    public static ulong[] OfComponents(EntityIndex.EntityView view, string name, ulong[] ids)
    {
        if (name != Component)
        {
            return ids;
        }

        var components = Having(view, "kind", ["Component"]);
        Bits.And(components, ids);
        return components;
    }

    private static ulong[] Having(EntityIndex.EntityView view, string name, IReadOnlyList<string> values)
    {
        var found = view.Evaluate(EntityFilter.Nothing);
        if (!Fields.TryGetValue(name, out var field))
        {
            return found;
        }

        foreach (var value in values)
        {
            view.Field(field.Field)?.HavingExactly(value)?.OrInto(found);
            if (name == "owner")
            {
                view.Field("relations.ownedby")?.HavingExactly(value)?.OrInto(found);
            }

            if (value == field.Absent)
            {
                Bits.Or(found, view.Evaluate(new EntityFilter.Not(new EntityFilter.Exists(field.Field))));
            }
        }

        return found;
    }
}
