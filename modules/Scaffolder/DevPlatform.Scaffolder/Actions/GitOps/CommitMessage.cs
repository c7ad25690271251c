using System.Text;
using DevPlatform.Identity.Contracts;
using DevPlatform.Scaffolder.Tasks;

namespace DevPlatform.Scaffolder.Actions.GitOps;

/// <summary>
/// Commit messages of the platform: who asked, who approved, which template and task (INV-4, boundary B10). The trailers also tell a repeated
/// step that its commit is there.
/// </summary>
internal static class CommitMessage
{
    public static string Compose(string message, ActionContext context)
    {
        var text = new StringBuilder(message.ReplaceLineEndings("\n").Trim()).Append("\n\n");
        Trailer(text, "Template", context.Spec.TemplateRef);
        Trailer(text, "Template-Version", VersionOf(context.Spec));
        Trailer(text, "Task-Id", context.TaskId.ToString());
        Trailer(text, "Step-Id", context.StepKey);
        Trailer(text, "Requested-by", context.Actor.UserRef);
        foreach (var approver in context.ApprovedBy)
        {
            Trailer(text, "Approved-by", approver);
        }

        Trailer(text, "Signed-off-by", $"{NameOf(context.Actor)} <{EmailOf(context.Actor)}>");
        return text.ToString();
    }

    /// <summary>Whether a commit message is that of this task's step.</summary>
    public static bool IsOf(string message, Guid taskId, string stepKey)
    {
        var trailers = message.ReplaceLineEndings("\n").TrimEnd().Split("\n\n")[^1].Split('\n');
        return trailers.Contains($"Task-Id: {taskId}") && trailers.Contains($"Step-Id: {stepKey}");
    }

    public static string NameOf(Actor actor) => Clean(actor.Name) is { Length: > 0 } name ? name : Username(actor);

    public static string EmailOf(Actor actor) =>
        Clean(actor.Email) is { Length: > 0 } email ? email : $"{Username(actor)}@users.noreply.devplatform.io";

    private static string Username(Actor actor) => actor.UserRef[(actor.UserRef.LastIndexOf('/') + 1)..];

    private static string VersionOf(TaskSpec spec) => spec.TemplateAnnotation("devplatform.io/version") ?? "unversioned";

    // A line break or bracket in a name would make trailers and authors of the caller's choosing.
    private static string? Clean(string? text) => text is null ? null : string.Concat(text.Where(c => !char.IsControl(c) && c is not '<' and not '>')).Trim();

    private static void Trailer(StringBuilder text, string name, string value) => text.Append($"{name}: {string.Concat(value.Where(c => !char.IsControl(c)))}\n");
}
