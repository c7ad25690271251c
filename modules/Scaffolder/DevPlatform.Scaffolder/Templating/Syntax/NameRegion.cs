using System.Runtime.InteropServices;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>How many places one run of the template, a macro or a caller needs for the names it declares.</summary>
internal sealed class FrameLayout
{
    public int Count { get; private set; }

    public int Add() => Count++;
}

/// <summary>A place: how many frames outwards, and which place there.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Slot(int Hops, int Index);

/// <summary>
/// The part of a template in which loop variables, macro parameters and macros are known while parsing. As in Nunjucks such a name means
/// its place from its declaration on, whether or not that code has run.
/// </summary>
internal sealed class NameRegion(FrameLayout layout, NameRegion? parent)
{
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    public FrameLayout Layout => layout;

    /// <summary>A region of a new frame that sees nothing declared outside.</summary>
    public static NameRegion Separate() => new(new FrameLayout(), null);

    /// <summary>A region of a new frame that still sees this one.</summary>
    public NameRegion InNewFrame() => new(new FrameLayout(), this);

    public NameRegion Nested() => new(layout, this);

    public Slot Declare(string name)
    {
        var index = layout.Add();
        _names[name] = index;
        return new Slot(0, index);
    }

    /// <summary>A name declared in this very region.</summary>
    public Slot? FindHere(string name) => _names.TryGetValue(name, out var index) ? new Slot(0, index) : null;

    public Slot? Find(string name)
    {
        var hops = 0;
        for (var region = this; region is not null; region = region.Parent)
        {
            if (region._names.TryGetValue(name, out var index))
            {
                return new Slot(hops, index);
            }

            hops += region.Parent is { } outer && outer.Layout != region.Layout ? 1 : 0;
        }

        return null;
    }

    private NameRegion? Parent => parent;
}
