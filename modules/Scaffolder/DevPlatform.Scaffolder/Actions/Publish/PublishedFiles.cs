using DevPlatform.Scaffolder.Actions.GitOps;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Publish;

/// <summary>What of a workspace leaves the platform, after the guardrails held once more.</summary>
internal sealed class PublishedFiles(IOptions<ScaffolderOptions> options)
{
    /// <summary>
    /// Checks the request and the golden path: rules may have changed since the task was made, and templates may have written what they like (INV-5, INV-6).
    /// </summary>
    /// <exception cref="InputException">A rule is broken; lists all violations.</exception>
    /// <exception cref="NotAllowedException">The task lacks an approval that it needs.</exception>
    public async Task RequireGuardrailsAsync(ActionContext context, string source, CancellationToken cancellationToken)
    {
        var guardrails = options.Value.Guardrails;
        if (context.Request is { } request)
        {
            RequestGuardrails.Require(guardrails, request);
            var lacking = ApprovalRules.RolesFor(guardrails, request).Except(context.ApprovedRoles, StringComparer.Ordinal).ToArray();
            if (lacking.Length > 0 && !context.IsDryRun)
            {
                throw new NotAllowedException($"A {request.ResourceType} in {request.Environment} needs the approval of {string.Join(" and ", lacking)}, which this task does not have");
            }
        }

        var type = context.Spec.TemplateAnnotation(GoldenPathPolicy.TypeAnnotation);
        await GoldenPathPolicy.RequireAsync(guardrails, type, context.Workspace, source, cancellationToken);
        await RequireApprovalOfExposureAsync(context, guardrails, source, cancellationToken);
    }

    // What opens something to others waits for those who may say so, unless the template has asked them already.
    private static async Task RequireApprovalOfExposureAsync(ActionContext context, GuardrailOptions guardrails, string source, CancellationToken cancellationToken)
    {
        var prefix = context.Workspace.Relative(context.Workspace.Resolve(source));
        var exposures = ExposureRules.Find(guardrails, await GoldenPathPolicy.ReadAsync(context.Workspace, source, prefix, cancellationToken));
        foreach (var exposure in exposures.GroupBy(e => e.Rule))
        {
            var roles = EnvironmentTiers.Split(guardrails.Approvals.GetValueOrDefault(exposure.Key) ?? "").Except(context.ApprovedRoles, StringComparer.Ordinal).ToArray();
            if (roles.Length == 0)
            {
                continue;
            }

            var reason = $"{string.Join("; ", exposure.Select(e => e.Reason))}: needs approval by {string.Join(" and ", roles)}";
            if (context.IsDryRun)
            {
                await context.LogAsync($"Would wait: {reason}");
                continue;
            }

            throw new ApprovalNeededException(new PendingApproval(
                PendingApproval.IdOf(context.TaskId, exposure.Key), context.StepKey.Split('[')[0], $"{context.Spec.TemplateRef}: {exposure.Key}", reason, roles, context.Request?.EntityRef));
        }
    }

    /// <summary>The files below a workspace directory, at their paths in the repository.</summary>
    public static async Task<List<CommitFile>> ReadAsync(ActionContext context, string source, string target, CancellationToken cancellationToken)
    {
        var prefix = context.Workspace.Relative(context.Workspace.Resolve(source));
        var files = new List<CommitFile>();
        foreach (var file in context.Workspace.Files(source))
        {
            var full = context.Workspace.Resolve(file);
            var relative = prefix == "." ? file : file[(prefix.Length + 1)..];
            if (relative.Split('/').Any(part => part.Equals(".git", StringComparison.OrdinalIgnoreCase)))
            {
                throw InputException.For("sourcePath", file, "files outside .git directories");
            }

            files.Add(new CommitFile(target.Length == 0 ? relative : $"{target}/{relative}", await File.ReadAllBytesAsync(full, cancellationToken), Workspace.IsExecutable(full)));
        }

        return files.Count > 0 ? files : throw InputException.For("sourcePath", source, "a workspace directory with files");
    }

    /// <summary>A directory inside a repository, without dots and slashes around it; empty for the root where that is allowed.</summary>
    public static string Directory(string field, string? path, bool mayBeRoot)
    {
        var parts = (path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        parts = mayBeRoot ? [.. parts.Where(p => p != ".")] : parts;
        return (parts.Length > 0 || mayBeRoot)
            && !parts.Any(p => p is "." or ".." || p.Equals(".git", StringComparison.OrdinalIgnoreCase) || p.Contains('\\', StringComparison.Ordinal))
            ? string.Join('/', parts)
            : throw InputException.For(field, path, "a directory inside the repository, such as claims/team/name");
    }
}
