using System.Text.Json;
using System.Text.RegularExpressions;
using DevPlatform.Integrations.Adapters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Tools;

/// <summary>Section <c>Tools</c>.</summary>
public sealed class ToolLibraryOptions
{
    /// <summary>Tools to add to the shipped ones, or to replace by id.</summary>
    public List<ToolDefinition> Library { get; set; } = [];

    /// <summary>Base URLs by tool id; a tool with none is not shown.</summary>
    public Dictionary<string, Uri> Urls { get; set; } = [];
}

/// <summary>Completes the configured library with the shipped tools and what service discovery knows, and refuses what could not work.</summary>
internal sealed partial class ToolLibrarySetup(IConfiguration configuration)
    : IPostConfigureOptions<ToolLibraryOptions>, IValidateOptions<ToolLibraryOptions>
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly string[] Sources = ["annotation", "label", "entity", "user", "value"];

    public void PostConfigure(string? name, ToolLibraryOptions options)
    {
        var configured = options.Library.Select(t => t.Id).ToHashSet();
        options.Library.AddRange(Shipped().Where(t => !configured.Contains(t.Id)));
        foreach (var tool in options.Library)
        {
            tool.Url ??= options.Urls.GetValueOrDefault(tool.Id) ?? (tool.Resource is { } resource ? AdapterExtensions.Discovered(configuration, resource) : null);
        }
    }

    public ValidateOptionsResult Validate(string? name, ToolLibraryOptions options)
    {
        var errors = new List<string>();
        foreach (var tool in options.Library)
        {
            if (!ToolId().IsMatch(tool.Id))
            {
                errors.Add($"Tools:Library: id \"{tool.Id}\" is not valid; allowed: lower-case letters, digits and hyphens");
            }

            foreach (var link in tool.Links)
            {
                errors.AddRange(from Match parameter in Parameter().Matches(link.Template)
                                where !link.Parameters.ContainsKey(parameter.Groups[1].Value)
                                select $"Tools:Library:{tool.Id}: template \"{link.Template}\" uses {parameter.Value}, which Parameters lacks");
                errors.AddRange(from source in link.Parameters.Values.SelectMany(s => s)
                                where !Sources.Contains(source.Split(':')[0]) || !source.Contains(':', StringComparison.Ordinal)
                                select $"Tools:Library:{tool.Id}: source \"{source}\" is not valid; allowed: {string.Join(", ", Sources.Select(s => s + ":…"))}");
            }
        }

        errors.AddRange(options.Library.GroupBy(t => t.Id).Where(g => g.Count() > 1).Select(g => $"Tools:Library: id \"{g.Key}\" is there {g.Count()} times"));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static List<ToolDefinition> Shipped()
    {
        using var stream = typeof(ToolLibrarySetup).Assembly.GetManifestResourceStream("tools.json")!;
        return JsonSerializer.Deserialize<List<ToolDefinition>>(stream, Json)!;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]*$", RegexOptions.None, 1000)]
    private static partial Regex ToolId();

    [GeneratedRegex(@"\{([^}]*)\}?", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}
