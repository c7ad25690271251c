using System.Text;
using DevPlatform.Scaffolder.Contracts;

namespace DevPlatform.Scaffolder.Actions.Debug;

/// <summary><c>debug:log</c>.</summary>
internal sealed class DebugLog : IScaffolderAction
{
    private const int LargestShownFile = 64 * 1024;

    public ActionDefinition Definition { get; } = new()
    {
        Id = "debug:log",
        Description = "Writes a message into the log and/or lists all files in the workspace.",
        InputSchema = Schema.Object(
        [
            ("message", Schema.Text("Message to output.")),
            ("listWorkspace", new System.Text.Json.Nodes.JsonObject
            {
                ["description"] = "List all files in the workspace. If used with \"with-contents\", also the file contents are listed.",
                ["anyOf"] = new System.Text.Json.Nodes.JsonArray(
                    new System.Text.Json.Nodes.JsonObject { ["type"] = "boolean" },
                    new System.Text.Json.Nodes.JsonObject
                    {
                        ["type"] = "string",
                        ["enum"] = new System.Text.Json.Nodes.JsonArray("with-filenames", "with-contents"),
                    }),
            }),
        ]),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: debug:log\n    input:\n      message: Hello\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        if (context.Text("message") is { } message)
        {
            await context.LogAsync(message);
        }

        if (!context.Flag("listWorkspace") && context.Text("listWorkspace") is not ("with-filenames" or "with-contents"))
        {
            return;
        }

        var text = new StringBuilder("Workspace:\n");
        foreach (var file in context.Workspace.Files())
        {
            text.Append($"  - {file}\n");
            if (context.Text("listWorkspace") == "with-contents" && new FileInfo(context.Workspace.Resolve(file)).Length <= LargestShownFile)
            {
                text.Append($"\n{await context.Workspace.ReadTextAsync(file, cancellationToken)}\n");
            }
        }

        await context.LogAsync(text.ToString());
    }
}
