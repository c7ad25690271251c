using System.Text.Json;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Integrations.Webhooks;

/// <summary>Reads the events of GitHub's webhooks that matter here.</summary>
internal static class GitHubEvents
{
    private const int MaxDepth = 64;

    /// <summary>The message that an event means; null for one that means nothing here (<c>ping</c>).</summary>
    /// <exception cref="InputException">The body is not what the event's should be.</exception>
    public static object? Read(string name, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement;
            return name switch
            {
                "push" => new RepositoryPushed(Text(root, "repository", "clone_url"), Text(root, "repository", "owner", "login"), Text(root, "ref"), Text(root, "after")),
                "repository" => new RepositoryListChanged(Text(root, "repository", "owner", "login"), Text(root, "action")),
                _ => null,
            };
        }
        catch (JsonException e)
        {
            throw new InputException($"The webhook's body is not valid JSON: {e.Message}", e);
        }
    }

    private static string Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                throw InputException.For(string.Join('.', path), null, "a string");
            }
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString()! : throw InputException.For(string.Join('.', path), element.GetRawText(), "a string");
    }
}
