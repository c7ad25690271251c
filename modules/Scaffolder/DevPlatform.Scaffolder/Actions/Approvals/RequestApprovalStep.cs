using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Approvals;

/// <summary><c>access:request-approval</c>: the task waits here until people have decided; a refusal ends it.</summary>
internal sealed class RequestApprovalStep : IScaffolderAction
{
    private const int MaxRoles = 20;

    /// <summary>Keycloak's limit.</summary>
    private const int LongestRole = 255;

    public ActionDefinition Definition { get; } = new()
    {
        Id = "access:request-approval",
        Description = "Asks people for approval and waits, over restarts, for their decision. Whoever started the task cannot approve it.",
        InputSchema = Schema.Object(
            [
                ("roles", Schema.List(Schema.Text("role"), "Realm roles, all of which must approve: dba-approver, security-approver")),
                ("reason", Schema.Text("Why, for the approvers")),
                ("title", Schema.Text("One line for the inbox; default: the template's title")),
                ("resourceRef", Schema.Text("Entity concerned")),
            ],
            "roles", "reason"),
        OutputSchema = Schema.Object([("approvedBy", Schema.List(Schema.Text("entity ref"), "Who approved"))]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        Example = "steps:\n  - action: access:request-approval\n    input:\n      roles: [security-approver]\n      reason: The connector reads customer data\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var roles = context.Texts("roles").Where(r => r.Length > 0).Distinct(StringComparer.Ordinal).ToArray();
        if (roles.Length == 0)
        {
            throw InputException.For("roles", "none", "at least one realm role");
        }

        if (roles.Length > MaxRoles || Array.Exists(roles, role => role.Length > LongestRole))
        {
            throw InputException.For(
                "roles", $"{roles.Length} with up to {roles.Max(role => role.Length)} characters", $"at most {MaxRoles} realm roles of at most {LongestRole} characters");
        }

        var id = PendingApproval.IdOf(context.TaskId, context.StepKey);
        if (!context.GivenApprovals.Contains(id))
        {
            var title = context.Text("title") ?? context.Spec.TemplateRef;
            throw new ApprovalNeededException(new PendingApproval(id, context.StepKey.Split('[')[0], title, context.Text("reason")!, roles, context.Text("resourceRef") ?? context.Request?.EntityRef));
        }

        context.Output["approvedBy"] = new JsonArray([.. context.ApprovedBy.Select(a => (JsonNode)a)]);
        await context.LogAsync($"Approved by {string.Join(", ", context.ApprovedBy)}");
    }
}
