using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Platform;

/// <summary><c>platform:require</c>: ends the task with a reason when something does not hold that a form cannot check: what an entity is, a confirmation.</summary>
internal sealed class RequireCondition : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "platform:require",
        Description = "Fails with the message unless the condition holds.",
        InputSchema = Schema.Object(
            [
                ("condition", new JsonObject { ["description"] = "What must hold; false, 0, \"\" and what is missing do not" }),
                ("message", Schema.Text("What was found and what is allowed")),
            ],
            "message"),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: platform:require\n    input:\n      condition: ${{ parameters.confirm == parameters.name }}\n      message: The name does not match\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        if (!StepExpressions.IsTruthy(context.Input["condition"]))
        {
            throw new InputException(context.Text("message")!);
        }

        await context.LogAsync("The condition holds");
    }
}
