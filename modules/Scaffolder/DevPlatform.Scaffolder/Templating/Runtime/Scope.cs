namespace DevPlatform.Scaffolder.Templating;

/// <summary>Names set while rendering. An isolated scope keeps assignments to itself; the others pass them to where the name is.</summary>
internal sealed class Scope
{
    private readonly Scope? _parent;
    private readonly bool _isolated;
    private readonly RecordValue? _context;
    private readonly List<(string Name, TemplateValue Value)> _entries = [];

    /// <summary>The outermost scope: the context, which cannot be assigned to.</summary>
    public Scope(RecordValue context) => _context = context;

    private Scope(Scope parent, bool isolated)
    {
        _parent = parent;
        _isolated = isolated;
    }

    public Scope Child(bool isolated = false) => new(this, isolated);

    public bool TryGet(string name, out TemplateValue value)
    {
        for (var scope = this; scope is not null; scope = scope._parent)
        {
            if (scope._context is { } context)
            {
                return context.TryGet(name, out value);
            }

            if (scope.IndexOf(name) is var index and >= 0)
            {
                value = scope._entries[index].Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Defines the name right here.</summary>
    public void Set(string name, TemplateValue value)
    {
        var index = IndexOf(name);
        if (index >= 0)
        {
            _entries[index] = (name, value);
        }
        else
        {
            _entries.Add((name, value));
        }
    }

    /// <summary>Changes the name where it is defined, short of an isolated scope; defines it here when it is not.</summary>
    public void Assign(string name, TemplateValue value)
    {
        var owner = this;
        while (owner.IndexOf(name) < 0)
        {
            if (owner._isolated || owner._parent is null || owner._parent._context is not null)
            {
                owner = this;
                break;
            }

            owner = owner._parent;
        }

        owner.Set(name, value);
    }

    private int IndexOf(string name)
    {
        for (var index = 0; index < _entries.Count; index++)
        {
            if (_entries[index].Name == name)
            {
                return index;
            }
        }

        return -1;
    }
}
