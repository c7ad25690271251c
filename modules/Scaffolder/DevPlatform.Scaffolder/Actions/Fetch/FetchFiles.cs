using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Execution;

namespace DevPlatform.Scaffolder.Actions.Fetch;

/// <summary><c>fetch:plain:file</c>.</summary>
internal sealed class FetchPlainFile(FetchSource source) : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "fetch:plain:file",
        Description = "Downloads single file and places it in the workspace.",
        InputSchema = Schema.Object(
            [
                ("url", Schema.Text("Relative path or absolute URL pointing to the single file to fetch.")),
                ("targetPath", Schema.Text("Target path within the working directory to download the file as.")),
                FetchSource.TokenInput,
            ],
            "url", "targetPath"),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("git", CredentialKind.ServiceAccount),
        SupportsDryRun = true,
        Example = "steps:\n  - action: fetch:plain:file\n    input:\n      url: ./LICENSE\n      targetPath: LICENSE\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var file = await source.ReadFileAsync(context, cancellationToken);
        await context.Workspace.WriteAsync(context.Text("targetPath")!, file.Content, file.Executable, cancellationToken);
        await context.LogAsync($"Fetched {context.Text("url")}");
    }
}

/// <summary><c>fetch:template:file</c>.</summary>
internal sealed class FetchTemplateFile(FetchSource source, TemplateFilters filters) : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "fetch:template:file",
        Description = "Downloads single file, templates variables into its content, and places it in the workspace.",
        InputSchema = Schema.Object(
            [
                ("url", Schema.Text("Relative path or absolute URL pointing to the single file to fetch.")),
                ("targetPath", Schema.Text("Target path within the working directory to download the file as.")),
                ("values", Schema.Map("Values to pass on to the templating engine")),
                ("cookiecutterCompat", Schema.Flag("Enable features to maximise compatibility with templates built for fetch:cookiecutter")),
                ("replace", Schema.Flag("If set, replace file in targetPath instead of overwriting existing one.")),
                ("trimBlocks", Schema.Flag("If set, the first newline after a block is removed (block, not variable tag).")),
                ("lstripBlocks", Schema.Flag("If set, leading spaces and tabs are stripped from the start of a line to a block.")),
                FetchSource.TokenInput,
            ],
            "url", "targetPath"),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("git", CredentialKind.ServiceAccount),
        SupportsDryRun = true,
        Example = "steps:\n  - action: fetch:template:file\n    input:\n      url: ./skeleton/README.md\n      targetPath: README.md\n      values:\n        name: ${{ parameters.name }}\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var target = context.Text("targetPath")!;
        if (!context.Flag("replace") && context.Workspace.Exists(target))
        {
            await context.LogAsync($"File {target} already exists in the workspace, not replacing");
            return;
        }

        var file = await source.ReadFileAsync(context, cancellationToken);
        var renderer = new SkeletonRenderer(
            context.Input["values"] as JsonObject ?? [], filters, context.Flag("cookiecutterCompat"), context.Flag("trimBlocks"), context.Flag("lstripBlocks"));
        var text = renderer.Render(Encoding.UTF8.GetString(file.Content), file.Path, cancellationToken);
        await context.Workspace.WriteAsync(target, Encoding.UTF8.GetBytes(text), file.Executable, cancellationToken);
        await context.LogAsync($"Rendered {context.Text("url")} to {target}");
    }
}
