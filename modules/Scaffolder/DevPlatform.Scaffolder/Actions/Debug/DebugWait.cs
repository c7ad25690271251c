using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Debug;

/// <summary><c>debug:wait</c>.</summary>
internal sealed class DebugWait(TimeProvider time) : IScaffolderAction
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public ActionDefinition Definition { get; } = new()
    {
        Id = "debug:wait",
        Description = "Waits for a certain period of time.",
        InputSchema = Schema.Object(
        [
            ("minutes", Schema.Number("Waiting period in minutes.")),
            ("seconds", Schema.Number("Waiting period in seconds.")),
            ("milliseconds", Schema.Number("Waiting period in milliseconds.")),
        ]),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        Example = "steps:\n  - action: debug:wait\n    input:\n      seconds: 5\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromMinutes(Number("minutes")) + TimeSpan.FromSeconds(Number("seconds")) + TimeSpan.FromMilliseconds(Number("milliseconds"));
        if (wait < TimeSpan.Zero || wait > Longest)
        {
            throw InputException.For("input", wait, $"a period of up to {Longest}");
        }

        await context.LogAsync($"Waiting for {wait.TotalSeconds} seconds");
        await Task.Delay(wait, time, cancellationToken);

        double Number(string name) => context.Input[name]?.GetValue<double>() ?? 0;
    }
}
