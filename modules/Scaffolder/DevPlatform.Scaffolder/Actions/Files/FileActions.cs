using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.FileSystemGlobbing;

namespace DevPlatform.Scaffolder.Actions.Files;

/// <summary><c>fs:delete</c>.</summary>
internal sealed class FsDelete : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "fs:delete",
        Description = "Deletes files and directories from the workspace",
        InputSchema = Schema.Object([("files", Schema.List(new JsonObject { ["type"] = "string" }, "A list of files and directories that will be deleted"))], "files"),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: fs:delete\n    input:\n      files: [draft.md, 'tmp/**']\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        foreach (var pattern in context.Texts("files"))
        {
            var full = context.Workspace.Resolve(pattern);
            if (full == context.Workspace.Root)
            {
                throw InputException.For("files", pattern, "files and directories below the workspace's root");
            }

            if (Directory.Exists(full))
            {
                Directory.Delete(full, recursive: true);
            }
            else if (File.Exists(full))
            {
                File.Delete(full);
            }
            else
            {
                var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern);
                foreach (var match in matcher.Match(context.Workspace.Files()).Files)
                {
                    File.Delete(context.Workspace.Resolve(match.Path));
                }
            }

            await context.LogAsync($"Deleted {pattern}");
        }
    }
}

/// <summary><c>fs:rename</c>.</summary>
internal sealed class FsRename : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "fs:rename",
        Description = "Renames files and directories within the workspace",
        InputSchema = Schema.Object(
            [
                ("files", Schema.List(
                    Schema.Object(
                        [
                            ("from", Schema.Text("The source location of the file to be renamed")),
                            ("to", Schema.Text("The destination of the new file")),
                            ("overwrite", Schema.Flag("Overwrite existing file or directory, default is false")),
                        ],
                        "from", "to"),
                    "A list of file and directory names that will be renamed")),
            ],
            "files"),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: fs:rename\n    input:\n      files: [{ from: a.md, to: docs/a.md }]\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        foreach (var entry in (context.Input["files"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var (from, to) = (entry["from"]!.ToString(), entry["to"]!.ToString());
            var (source, target) = (context.Workspace.Resolve(from), context.Workspace.Resolve(to));
            if (!File.Exists(source) && !Directory.Exists(source))
            {
                throw new NotFoundException($"\"files.from\" is not valid: found \"{from}\"; allowed: a file or directory of the workspace");
            }

            if (context.Workspace.Exists(to))
            {
                if (entry["overwrite"]?.GetValue<bool>() != true)
                {
                    throw new ConflictException($"\"files.to\" is not valid: \"{to}\" exists; allowed: a new name, or overwrite: true");
                }

                if (Directory.Exists(target))
                {
                    Directory.Delete(target, recursive: true);
                }
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (File.Exists(source))
            {
                File.Move(source, target, overwrite: true);
            }
            else
            {
                Directory.Move(source, target);
            }

            await context.LogAsync($"Renamed {from} to {to}");
        }
    }
}
