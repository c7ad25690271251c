using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Scaffolder.Contracts;

/// <summary>Permissions guarded by the Scaffolder module; names as Backstage's where it has one (RFC §6.7).</summary>
public static class ScaffolderPermissions
{
    /// <summary>The resource type of template permissions.</summary>
    public const string TemplateResource = "scaffolder-template";

    /// <summary>The resource type of task permissions.</summary>
    public const string TaskResource = "scaffolder-task";

    /// <summary>The resource type of action permissions.</summary>
    public const string ActionResource = "scaffolder-action";

    /// <summary>See a template's parameters.</summary>
    public static readonly Permission TemplateParameterRead = new("scaffolder.template.parameter.read", "read", TemplateResource);

    /// <summary>See, and so run, a template's steps.</summary>
    public static readonly Permission TemplateStepRead = new("scaffolder.template.step.read", "read", TemplateResource);

    /// <summary>Run a template (RFC §8.3.3: template ACL).</summary>
    public static readonly Permission TemplateExecute = new("scaffolder.template.execute", "use", TemplateResource);

    /// <summary>Try a template without effects.</summary>
    public static readonly Permission TemplateDryRun = new("scaffolder.template.dry-run");

    /// <summary>Use the template editor and management views.</summary>
    public static readonly Permission TemplateManagement = new("scaffolder.template.management");

    /// <summary>Run an action.</summary>
    public static readonly Permission ActionExecute = new("scaffolder.action.execute", null, ActionResource);

    /// <summary>Start a task.</summary>
    public static readonly Permission TaskCreate = new("scaffolder.task.create", "create");

    /// <summary>See a task and its log.</summary>
    public static readonly Permission TaskRead = new("scaffolder.task.read", "read", TaskResource);

    /// <summary>Stop a task.</summary>
    public static readonly Permission TaskCancel = new("scaffolder.task.cancel", null, TaskResource);

    /// <summary>Decide an approval that a task waits for.</summary>
    public static readonly Permission ApprovalDecide = new("scaffolder.approval.decide", "update");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Permission> All =
    [
        TemplateParameterRead, TemplateStepRead, TemplateExecute, TemplateDryRun, TemplateManagement,
        ActionExecute, TaskCreate, TaskRead, TaskCancel, ApprovalDecide,
    ];
}
