using System.Collections.Concurrent;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Keeps compiled templates of one set of options, up to a number; then it starts over. Long ones are not worth their memory.</summary>
public sealed class TemplateCache(TemplateOptions options, int capacity = 500)
{
    private const int LongestKept = 64 * 1024;

    private readonly ConcurrentDictionary<string, Template> _templates = new(StringComparer.Ordinal);

    /// <inheritdoc cref="Template.Parse"/>
    public Template Parse(string source)
    {
        if (_templates.TryGetValue(source, out var known))
        {
            return known;
        }

        var template = Template.Parse(source, options);
        if (source.Length > LongestKept)
        {
            return template;
        }

        if (_templates.Count >= capacity)
        {
            _templates.Clear();
        }

        return _templates.GetOrAdd(source, template);
    }
}
