using System.Collections.Frozen;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>A JavaScript (or, in compatibility mode, Python) method of a value.</summary>
internal sealed class Method(TemplateValue receiver, MethodDefinition definition) : FunctionValue(definition.Name)
{
    private static readonly FrozenDictionary<string, MethodDefinition> OfTexts = Index(TextMethods.All);
    private static readonly FrozenDictionary<string, MethodDefinition> OfNumbers = Index(NumberMethods.All);
    private static readonly FrozenDictionary<string, MethodDefinition> OfLists = Index(ListMethods.All);
    private static readonly FrozenDictionary<string, MethodDefinition> OfListsInCompat = Index([.. ListMethods.All, .. CompatMethods.OfLists]);
    private static readonly FrozenDictionary<string, MethodDefinition> OfRecordsInCompat = Index(CompatMethods.OfRecords);
    private static readonly MethodDefinition Test =
        new("test", 1, 1, (run, self, arguments) => self.AsPattern!.Test(Coercion.ToText(arguments[0])));

    public static Method? Find(TemplateValue receiver, string name, bool compat)
    {
        var methods = receiver.Kind switch
        {
            TemplateValueKind.Text or TemplateValueKind.SafeText => OfTexts,
            TemplateValueKind.Number => OfNumbers,
            TemplateValueKind.List => compat ? OfListsInCompat : OfLists,
            TemplateValueKind.Record when compat => OfRecordsInCompat,
            _ => null,
        };
        if (receiver.Kind is TemplateValueKind.Pattern && name == Test.Name)
        {
            return new Method(receiver, Test);
        }

        return methods?.TryGetValue(name, out var definition) == true ? new Method(receiver, definition) : null;
    }

    public override TemplateValue Invoke(RenderRun run, CallArguments arguments)
    {
        arguments.Expect(Name, definition.Minimum, definition.Maximum);
        foreach (var argument in arguments.Positional)
        {
            if (argument.AsFunction is not null)
            {
                throw new TemplateFault($"{Name}() cannot be given a function");
            }
        }

        return definition.Apply(run, receiver, arguments);
    }

    private static FrozenDictionary<string, MethodDefinition> Index(IEnumerable<MethodDefinition> methods)
    {
        // Later ones replace earlier ones.
        var index = new Dictionary<string, MethodDefinition>(StringComparer.Ordinal);
        foreach (var method in methods)
        {
            index[method.Name] = method;
        }

        return index.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

internal sealed record MethodDefinition(
    string Name, int Minimum, int Maximum, Func<RenderRun, TemplateValue, CallArguments, TemplateValue> Apply);
