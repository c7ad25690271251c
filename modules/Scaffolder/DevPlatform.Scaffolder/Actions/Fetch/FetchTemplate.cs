using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.FileSystemGlobbing;

namespace DevPlatform.Scaffolder.Actions.Fetch;

/// <summary><c>fetch:template</c>: a skeleton becomes files of the workspace; paths and contents are rendered (Backstage's rules).</summary>
internal sealed class FetchTemplate(FetchSource source, TemplateFilters filters) : IScaffolderAction
{
    private const int BinaryProbe = 8000;

    public ActionDefinition Definition { get; } = new()
    {
        Id = "fetch:template",
        Description = "Downloads a skeleton, templates variables into file and directory names and content, and places the result in the workspace, "
            + "or optionally in a subdirectory specified by the `targetPath` input option.",
        InputSchema = Schema.Object(
            [
                ("url", Schema.Text("Relative path or absolute URL pointing to the directory tree to fetch")),
                ("targetPath", Schema.Text("Target path within the working directory to download the contents to. Defaults to the working directory root.")),
                ("values", Schema.Map("Values to pass on to the templating engine")),
                ("copyWithoutRender", Globs("An array of glob patterns. Any files or directories which match are copied without being processed as templates.")),
                ("copyWithoutTemplating", Globs("An array of glob patterns. Contents of matched files or directories are copied without being processed, but paths are subject to rendering.")),
                ("cookiecutterCompat", Schema.Flag("Enable features to maximise compatibility with templates built for fetch:cookiecutter")),
                ("templateFileExtension", new JsonObject
                {
                    ["type"] = new JsonArray("string", "boolean"),
                    ["description"] = "If set, only files with the given extension will be templated. If set to `true`, the default extension `.njk` is used.",
                }),
                ("replace", Schema.Flag("If set, replace files in targetPath instead of skipping existing ones.")),
                ("trimBlocks", Schema.Flag("If set, the first newline after a block is removed (block, not variable tag).")),
                ("lstripBlocks", Schema.Flag("If set, leading spaces and tabs are stripped from the start of a line to a block.")),
                FetchSource.TokenInput,
            ],
            "url"),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("git", CredentialKind.ServiceAccount),
        SupportsDryRun = true,
        Example = "steps:\n  - action: fetch:template\n    input:\n      url: ./skeleton\n      values:\n        name: ${{ parameters.name }}\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var options = ReadOptions(context);
        var target = context.Text("targetPath") ?? ".";
        context.Workspace.Resolve(target);
        var files = await source.ReadAsync(context, cancellationToken);
        var written = 0;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            written += await WriteAsync(context, options, target, file, cancellationToken) ? 1 : 0;
        }

        await context.LogAsync($"Rendered {written} of {files.Count} files from {context.Text("url")}");
    }

    private static async Task<bool> WriteAsync(
        ActionContext context, SkeletonOptions options, string target, FetchedFile file, CancellationToken cancellationToken)
    {
        var untouched = options.CopyWithoutRender.Matches(file.Path);
        var path = untouched ? file.Path : options.Renderer.Render(file.Path, file.Path, cancellationToken);
        var isTemplate = !untouched && !options.CopyWithoutTemplating.Matches(file.Path) && !IsBinary(file.Content);
        if (options.Extension is { } extension)
        {
            isTemplate &= path.EndsWith(extension, StringComparison.Ordinal);
            path = isTemplate ? path[..^extension.Length] : path;
        }

        // A path that renders to nothing, or to nothing between slashes, is the template's way to leave a file out.
        if (path.Length == 0 || path.StartsWith('/') || path.EndsWith('/') || path.Contains("//", StringComparison.Ordinal))
        {
            return false;
        }

        var destination = $"{target}/{path}";
        if (!options.Replace && context.Workspace.Exists(destination))
        {
            return false;
        }

        var content = isTemplate ? Encoding.UTF8.GetBytes(options.Renderer.Render(Encoding.UTF8.GetString(file.Content), file.Path, cancellationToken)) : file.Content;
        await context.Workspace.WriteAsync(destination, content, file.Executable, cancellationToken);
        return true;
    }

    private SkeletonOptions ReadOptions(ActionContext context)
    {
        var extension = context.Input["templateFileExtension"] switch
        {
            JsonValue v when v.TryGetValue<bool>(out var flag) => flag ? ".njk" : null,
            JsonValue v => v.ToString().StartsWith('.') ? v.ToString() : $".{v}",
            _ => null,
        };
        var withoutRender = context.Texts("copyWithoutRender");
        var withoutTemplating = context.Texts("copyWithoutTemplating");
        if (withoutRender.Length > 0 && withoutTemplating.Length > 0)
        {
            throw new InputException("Fetch action input copyWithoutRender and copyWithoutTemplating cannot be used at the same time");
        }

        if (extension is not null && (withoutRender.Length > 0 || withoutTemplating.Length > 0 || context.Flag("cookiecutterCompat")))
        {
            throw new InputException("Fetch action input templateFileExtension is not compatible with copyWithoutRender, copyWithoutTemplating and cookiecutterCompat");
        }

        var values = context.Input["values"] as JsonObject ?? [];
        return new SkeletonOptions(
            new SkeletonRenderer(values, filters, context.Flag("cookiecutterCompat"), context.Flag("trimBlocks"), context.Flag("lstripBlocks")),
            extension, new GlobSet(withoutRender), new GlobSet(withoutTemplating), context.Flag("replace"));
    }

    private static bool IsBinary(byte[] content) => content.AsSpan(0, Math.Min(content.Length, BinaryProbe)).Contains((byte)0);

    private static JsonObject Globs(string description) => Schema.List(new JsonObject { ["type"] = "string" }, description);

    private sealed record SkeletonOptions(
        SkeletonRenderer Renderer, string? Extension, GlobSet CopyWithoutRender, GlobSet CopyWithoutTemplating, bool Replace);

    /// <summary>Glob patterns; one that names a directory means all in it.</summary>
    private sealed class GlobSet
    {
        private readonly Matcher? _matcher;

        public GlobSet(string[] patterns)
        {
            if (patterns.Length > 0)
            {
                _matcher = new Matcher(StringComparison.Ordinal);
                _matcher.AddIncludePatterns(patterns.SelectMany(p => new[] { p, $"{p.TrimEnd('/')}/**" }));
            }
        }

        public bool Matches(string path) => _matcher?.Match(path).HasMatches == true;
    }
}
