using System.Text;
using DevPlatform.Integrations.Adapters;
using DevPlatform.Shared.Identity;

namespace DevPlatform.Integrations.Tools;

/// <summary>Fills deep links. A link whose parameter has no value is not made: never a broken or a wider one (INV-10).</summary>
internal static class ToolLink
{
    public static bool AppliesTo(ToolLinkTemplate link, CatalogEntity entity)
    {
        var kind = entity.Path("kind")?.ToLowerInvariant() ?? "";
        return (link.Kinds.Count == 0 || link.Kinds.Contains(kind))
            && (link.Types.Count == 0 || link.Types.Contains(entity.Path("spec", "type") ?? ""));
    }

    /// <summary>The absolute URL, or null.</summary>
    public static Uri? Build(Uri baseUrl, ToolLinkTemplate link, CatalogEntity entity, Caller caller)
    {
        var path = new StringBuilder();
        var template = link.Template.AsSpan();
        while (template.Length > 0)
        {
            var open = template.IndexOf('{');
            if (open < 0)
            {
                path.Append(template);
                break;
            }

            var close = template.IndexOf('}');
            path.Append(template[..open]);
            var value = Resolve(link, template[(open + 1)..close].ToString(), entity, caller);
            if (string.IsNullOrEmpty(value))
            {
                return null;
            }

            path.Append(Uri.EscapeDataString(value));
            template = template[(close + 1)..];
        }

        return new Uri($"{baseUrl.AbsoluteUri.TrimEnd('/')}/{path.ToString().TrimStart('/')}");
    }

    private static string? Resolve(ToolLinkTemplate link, string parameter, CatalogEntity entity, Caller caller)
    {
        foreach (var source in link.Parameters.GetValueOrDefault(parameter) ?? [])
        {
            var colon = source.IndexOf(':', StringComparison.Ordinal);
            var key = source[(colon + 1)..];
            var value = source[..colon] switch
            {
                "annotation" => entity.Annotation(key),
                "label" => entity.Path("metadata", "labels", key),
                "entity" => entity.Path(key.Split('.')),
                "user" => key == "username" ? caller.Username : null,
                _ => key,
            };
            if (!string.IsNullOrEmpty(value))
            {
                return value;
            }
        }

        return null;
    }
}
