using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions;

/// <summary>All actions by id. Making it fails, and with it start-up, for an action that leaves something undeclared (INV-14, INV-15).</summary>
internal sealed class ActionRegistry
{
    private readonly SortedDictionary<string, IScaffolderAction> _actions = new(StringComparer.Ordinal);

    public ActionRegistry(IEnumerable<IScaffolderAction> actions)
    {
        foreach (var action in actions)
        {
            var missing = Missing(action.Definition).ToList();
            if (missing.Count > 0)
            {
                throw new InvalidOperationException(
                    $"Scaffolder action {action.Definition.Id ?? action.GetType().Name} does not declare: {string.Join(", ", missing)}");
            }

            if (!_actions.TryAdd(action.Definition.Id!, action))
            {
                throw new InvalidOperationException($"Two scaffolder actions have the id {action.Definition.Id}");
            }
        }
    }

    public IEnumerable<ActionDefinition> Definitions => _actions.Values.Select(a => a.Definition);

    public IScaffolderAction? Find(string id) => _actions.GetValueOrDefault(id);

    public IScaffolderAction Get(string id) =>
        Find(id) ?? throw new NotFoundException($"Template action with ID '{id}' is not registered. Known: {string.Join(", ", _actions.Keys)}");

    private static IEnumerable<string> Missing(ActionDefinition definition)
    {
        if (string.IsNullOrWhiteSpace(definition.Id))
        {
            yield return "id";
        }

        if (string.IsNullOrWhiteSpace(definition.Description))
        {
            yield return "description";
        }

        if (definition.InputSchema is null)
        {
            yield return "input schema";
        }

        if (definition.OutputSchema is null)
        {
            yield return "output schema";
        }

        if (definition.Permission is null)
        {
            yield return "permission";
        }

        if (definition.Outside is null
            || (definition.Outside.Credential == CredentialKind.None && definition.Outside != OutsideAccess.Nothing))
        {
            yield return "outside system and credential";
        }
    }
}
