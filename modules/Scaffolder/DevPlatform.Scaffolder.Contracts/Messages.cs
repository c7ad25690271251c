namespace DevPlatform.Scaffolder.Contracts;

/// <summary>Event: a task reached a terminal state or parked.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Status">awaiting-approval, completed, failed or cancelled.</param>
/// <param name="CreatedBy">Entity ref of who started it.</param>
/// <param name="TemplateRef">Entity ref of the template.</param>
/// <param name="Commit">The Git commit it made, when it made one.</param>
public sealed record TaskStatusChanged(Guid TaskId, string Status, string CreatedBy, string TemplateRef, string? Commit);
