using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Templating;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Fetch;

/// <summary>Renders the paths and contents of a skeleton: values as <c>values.*</c>, or as <c>cookiecutter.*</c> between <c>{{ }}</c>.</summary>
internal sealed class SkeletonRenderer(JsonObject values, TemplateFilters filters, bool cookiecutter, bool trimBlocks, bool lstripBlocks)
{
    private readonly TemplateContext _context = new(new JsonObject { [cookiecutter ? "cookiecutter" : "values"] = values.DeepClone() });

    private readonly TemplateCache _templates = filters.Skeletons(cookiecutter, trimBlocks, lstripBlocks);

    /// <exception cref="InputException">The template cannot be rendered; says in which file, line and column.</exception>
    public string Render(string text, string file, CancellationToken cancellationToken)
    {
        try
        {
            return _templates.Parse(text).Render(_context, cancellationToken);
        }
        catch (TemplateException e)
        {
            throw new InputException($"{file}: {e.Message}", e);
        }
    }
}
