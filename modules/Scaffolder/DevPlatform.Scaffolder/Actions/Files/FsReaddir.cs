using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Files;

/// <summary><c>fs:readdir</c>.</summary>
internal sealed class FsReaddir : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "fs:readdir",
        Description = "Reads files and directories from the workspace",
        InputSchema = Schema.Object(
            [
                ("paths", Schema.List(new JsonObject { ["type"] = "string", ["minLength"] = 1 }, "Directories of the workspace")),
                ("recursive", new JsonObject { ["type"] = "boolean", ["default"] = false, ["description"] = "Whether to look into directories below" }),
            ],
            "paths"),
        OutputSchema = Schema.Object([("files", Entries("The files")), ("folders", Entries("The directories"))]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: fs:readdir\n    input:\n      paths: [docs]\n      recursive: true\n",
    };

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var (files, folders) = (new JsonArray(), new JsonArray());
        foreach (var path in context.Texts("paths"))
        {
            var directory = new DirectoryInfo(context.Workspace.Resolve(path));
            if (!directory.Exists)
            {
                throw new NotFoundException($"\"paths\" is not valid: found \"{path}\"; allowed: a directory of the workspace");
            }

            var option = context.Flag("recursive") ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
            foreach (var entry in directory.EnumerateFileSystemInfos("*", option).OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                (entry is DirectoryInfo ? folders : files).Add(new JsonObject
                {
                    ["name"] = entry.Name,
                    ["path"] = context.Workspace.Relative(entry.FullName),
                    ["fullPath"] = entry.FullName,
                });
            }
        }

        context.Output["files"] = files;
        context.Output["folders"] = folders;
        return context.LogAsync($"Read {string.Join(", ", context.Texts("paths"))}: {files.Count} files, {folders.Count} folders");
    }

    private static JsonObject Entries(string description) => Schema.List(
        Schema.Object(
            [
                ("name", Schema.Text("Name of the file or directory")),
                ("path", Schema.Text("path to the file or directory relative to the workspace")),
                ("fullPath", Schema.Text("full path to the file or directory")),
            ],
            "name", "path", "fullPath"),
        description);
}
