using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>
/// Renders the strings inside a JSON document, as Backstage does with the inputs and outputs of steps: a string that is exactly one
/// <c>${{ expression }}</c> becomes its value with its type, a key whose value is undefined disappears, and a string that cannot be
/// rendered stays as it is.
/// </summary>
public sealed class TemplatedJson(TemplateOptions options)
{
    private static readonly TemplatedJson Plain = new(TemplateOptions.Default);

    private readonly TemplateCache _cache = new(options);

    /// <summary>Renders with the built-in filters only.</summary>
    /// <inheritdoc cref="Render(JsonNode?, TemplateContext, Action{string, TemplateException}?, CancellationToken)"/>
    public static JsonNode? Render(JsonNode? document, JsonObject context) => Plain.Render(document, new TemplateContext(context));

    /// <summary>Renders a copy of <paramref name="document"/>.</summary>
    /// <param name="document">Any JSON; only string values are templates, keys are not.</param>
    /// <param name="context">The names the templates see.</param>
    /// <param name="unrendered">Told about each string that stays as it is because it cannot be rendered, by JSON path.</param>
    /// <param name="cancellation">Stops rendering.</param>
    /// <returns>The result; null also for an undefined one. Undefined entries of arrays become null.</returns>
    /// <exception cref="TemplateException">A limit is exceeded.</exception>
    public JsonNode? Render(
        JsonNode? document, TemplateContext context, Action<string, TemplateException>? unrendered = null, CancellationToken cancellation = default) =>
        new Rendering(_cache, context, unrendered, cancellation).Render(document, "$").Value;

    private sealed record Rendering(
        TemplateCache Cache, TemplateContext Context, Action<string, TemplateException>? Unrendered, CancellationToken Cancellation)
    {
        public TemplateResult Render(JsonNode? node, string path) => node switch
        {
            JsonObject members => Defined(RenderMembers(members, path)),
            JsonArray items => Defined(new JsonArray([.. items.Select((item, index) => Render(item, $"{path}[{index}]").Value)])),
            JsonValue value when value.GetValueKind() is JsonValueKind.String => RenderText(value, path),
            _ => Defined(node?.DeepClone()),
        };

        private static TemplateResult Defined(JsonNode? node) => new(node, IsUndefined: false);

        private JsonObject RenderMembers(JsonObject members, string path)
        {
            var rendered = new JsonObject();
            foreach (var (key, value) in members)
            {
                var result = Render(value, $"{path}.{key}");
                if (!result.IsUndefined)
                {
                    rendered[key] = result.Value;
                }
            }

            return rendered;
        }

        private TemplateResult RenderText(JsonValue value, string path)
        {
            var text = value.ToString();
            if (!text.Contains('{'))
            {
                return Defined(text);
            }

            try
            {
                return Cache.Parse(text).EvaluateExpression(Context, Cancellation);
            }
            catch (TemplateException exception) when (exception.Kind is not TemplateErrorKind.Limit)
            {
                Unrendered?.Invoke(path, exception);
                return Defined(text);
            }
        }
    }
}
