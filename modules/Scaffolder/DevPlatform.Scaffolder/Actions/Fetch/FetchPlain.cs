using DevPlatform.Scaffolder.Contracts;

namespace DevPlatform.Scaffolder.Actions.Fetch;

/// <summary><c>fetch:plain</c>.</summary>
internal sealed class FetchPlain(FetchSource source) : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "fetch:plain",
        Description = "Downloads content and places it in the workspace, or optionally in a subdirectory specified by the `targetPath` input option.",
        InputSchema = Schema.Object(
            [
                ("url", Schema.Text("Relative path or absolute URL pointing to the directory tree to fetch")),
                ("targetPath", Schema.Text("Target path within the working directory to download the contents to.")),
                FetchSource.TokenInput,
            ],
            "url"),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("git", CredentialKind.ServiceAccount),
        SupportsDryRun = true,
        Example = "steps:\n  - action: fetch:plain\n    input:\n      url: ./skeleton\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var target = context.Text("targetPath") ?? ".";
        context.Workspace.Resolve(target);
        var files = await source.ReadAsync(context, cancellationToken);
        foreach (var file in files)
        {
            await context.Workspace.WriteAsync($"{target}/{file.Path}", file.Content, file.Executable, cancellationToken);
        }

        await context.LogAsync($"Fetched {files.Count} files from {context.Text("url")}");
    }
}
