using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Templating;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Fetch;

/// <summary>Renders the paths and contents of a skeleton: values as <c>values.*</c>, or as <c>cookiecutter.*</c> between <c>{{ }}</c>.</summary>
internal sealed class SkeletonRenderer(JsonObject values, TemplateFilters filters, bool cookiecutter, bool trimBlocks, bool lstripBlocks)
{
    private readonly TemplateContext _context = new(new JsonObject { [cookiecutter ? "cookiecutter" : "values"] = values.DeepClone() });

    private readonly TemplateOptions _options = new()
    {
        CookiecutterCompat = cookiecutter,
        TrimBlocks = trimBlocks,
        LstripBlocks = lstripBlocks,
        Filters = filters.All,
    };

    /// <exception cref="InputException">The template cannot be rendered; says in which file, line and column.</exception>
    public string Render(string text, string file, CancellationToken cancellationToken)
    {
        try
        {
            return Template.Parse(text, _options).Render(_context, cancellationToken);
        }
        catch (TemplateException e)
        {
            throw new InputException($"{file}: {e.Message}", e);
        }
    }
}
