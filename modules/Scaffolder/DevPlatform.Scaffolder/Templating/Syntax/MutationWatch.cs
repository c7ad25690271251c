using System.Collections.Frozen;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Finds out while parsing whether a template could change a list. Only then its context has to be copied.</summary>
internal sealed class MutationWatch
{
    private static readonly FrozenSet<string> Mutating = FrozenSet.Create(
        "append", "copyWithin", "fill", "insert", "pop", "push", "remove", "reverse", "shift", "sort", "splice", "unshift");

    private bool _mutates;
    private bool _looksUpComputed;
    private bool _callsValues;

    public bool MayMutate => _mutates || (_looksUpComputed && _callsValues);

    public void Saw(MemberExpression member)
    {
        _mutates |= member.Name is { } name && Mutating.Contains(name);
        _looksUpComputed |= member.Name is null;
    }

    public void SawCallOf(Expression target)
    {
        _mutates |= target is MemberExpression { Name: null };
        _callsValues |= target is not MemberExpression;
    }
}
