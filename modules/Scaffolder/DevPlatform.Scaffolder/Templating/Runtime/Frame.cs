namespace DevPlatform.Scaffolder.Templating;

/// <summary>The places of the names that were known while parsing.</summary>
internal sealed class SlotFrame(int count, SlotFrame? parent = null)
{
    private readonly TemplateValue[] _values = count == 0 ? [] : new TemplateValue[count];

    public TemplateValue this[Slot slot]
    {
        get => Owner(slot)._values[slot.Index];
        set => Owner(slot)._values[slot.Index] = value;
    }

    private SlotFrame? Parent => parent;

    private SlotFrame Owner(Slot slot)
    {
        var frame = this;
        for (var hops = slot.Hops; hops > 0; hops--)
        {
            frame = frame.Parent!;
        }

        return frame;
    }
}

/// <summary>Where a piece of a template runs.</summary>
/// <param name="Run">The render it belongs to.</param>
/// <param name="Scope">Names set at run time.</param>
/// <param name="Slots">Names known while parsing.</param>
/// <param name="Exports">What macros of the template see.</param>
/// <param name="ExportsMacros">Whether macros defined here go to <paramref name="Exports"/>.</param>
/// <param name="ExportsSets">Whether assignments made here go there, too.</param>
internal sealed record Frame(RenderRun Run, Scope Scope, SlotFrame Slots, Scope Exports, bool ExportsMacros, bool ExportsSets);
