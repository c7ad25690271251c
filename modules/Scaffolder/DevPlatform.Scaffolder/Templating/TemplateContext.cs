using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>
/// The names a template sees, converted once and used for many renders. Immutable: what a template changes in its lists stays in that
/// render.
/// </summary>
public sealed class TemplateContext
{
    private readonly RecordValue _values;

    /// <exception cref="ArgumentException">A key is reserved (<c>constructor</c>, …) or the data is too deep or too large.</exception>
    public TemplateContext(JsonObject values)
        : this(TemplateValue.FromJson(values).AsRecord!)
    {
    }

    private TemplateContext(RecordValue values) => _values = values;

    internal RecordValue Values => _values;

    /// <summary>A context in which a name has another value.</summary>
    public TemplateContext With(string name, JsonNode? value) => With([name], value);

    /// <summary>A context with a value under a path of record keys; missing records are made.</summary>
    /// <exception cref="ArgumentException">A step of the path is not a record.</exception>
    public TemplateContext With(IReadOnlyList<string> path, JsonNode? value) => new(Replace(_values, path, 0, TemplateValue.FromJson(value)));

    /// <summary>A context in which a name is a function or another value made by the host.</summary>
    public TemplateContext With(string name, TemplateValue value) => new(_values.With(name, value));

    private static RecordValue Replace(RecordValue record, IReadOnlyList<string> path, int index, TemplateValue value)
    {
        var key = path[index];
        if (index == path.Count - 1)
        {
            return record.With(key, value);
        }

        var child = !record.TryGet(key, out var existing) ? RecordValue.Empty
            : existing.AsRecord ?? throw new ArgumentException($"{string.Join('.', path.Take(index + 1))} is not a record", nameof(path));
        return record.With(key, TemplateValue.Object(Replace(child, path, index + 1, value)));
    }
}
