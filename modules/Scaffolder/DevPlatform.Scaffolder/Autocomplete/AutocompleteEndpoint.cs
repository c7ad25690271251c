using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Scaffolder.Autocomplete;

/// <summary>A choice in a form: what is chosen and, where it differs, what is shown.</summary>
internal sealed record Suggestion(string Id, string? Title = null);

/// <summary>Offers what an outside system has, as the person who fills in a form sees it there.</summary>
internal interface IAutocompleteProvider
{
    /// <summary>As forms name it: <c>github</c>.</summary>
    string Id { get; }

    /// <param name="resource">What is asked for.</param>
    /// <param name="token">The person's own token for the system; it is passed on and not kept.</param>
    /// <param name="context">What the form knows already: host, owner, repository.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="InputException">The provider has no such resource, or the context lacks something.</exception>
    Task<IReadOnlyList<Suggestion>> CompleteAsync(string resource, string token, IReadOnlyDictionary<string, string> context, CancellationToken cancellationToken);
}

internal static class AutocompleteEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v2/autocomplete/{provider}/{resource}", CompleteAsync)
            .WithSummary("Choices for a form field from an outside system")
            .WithDescription("Body: `{ token, context: { key: value } }`. 200 `{ results: [{ id, title? }] }`. 400 unknown provider or resource.")
            .RequirePermission(ScaffolderPermissions.TaskCreate);

    private static async Task<JsonObject> CompleteAsync(
        string provider, string resource, JsonObject body, HttpContext http, IEnumerable<IAutocompleteProvider> providers)
    {
        var token = Text(body["token"]) is { Length: > 0 } given ? given : throw InputException.For("token", null, "the caller's token for the provider");
        var context = (body["context"] as JsonObject ?? []).ToDictionary(
            p => p.Key, p => Text(p.Value) ?? throw InputException.For($"context.{p.Key}", p.Value?.GetValueKind(), "a string"), StringComparer.Ordinal);
        var found = providers.SingleOrDefault(p => p.Id == provider)
            ?? throw new InputException($"Unsupported provider: {provider}; allowed: {string.Join(", ", providers.Select(p => p.Id))}");
        var suggestions = await found.CompleteAsync(resource, token, context, http.RequestAborted);
        return new JsonObject { ["results"] = new JsonArray([.. suggestions.Select(Document)]) };
    }

    private static JsonObject Document(Suggestion suggestion)
    {
        var document = new JsonObject { ["id"] = suggestion.Id };
        if (suggestion.Title is { } title)
        {
            document["title"] = title;
        }

        return document;
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.ToString() : null;
}
