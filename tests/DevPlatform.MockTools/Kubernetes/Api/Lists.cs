using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Kubernetes.Objects;

namespace DevPlatform.MockTools.Kubernetes.Api;

/// <summary>Lists with selectors and pages; all pages of a list show the store at the same version.</summary>
internal static class Lists
{
    private sealed record Token(long Version, string Namespace, string Name);

    /// <exception cref="KubernetesException">410 when the page's version is not kept any more, 400 for a malformed parameter.</exception>
    public static JsonObject Read(ObjectStore store, RequestTarget target, IQueryCollection query)
    {
        var token = Parse(query["continue"].ToString());
        var snapshot = token is null ? store.Current : store.Kept(token.Version)
            ?? throw KubernetesException.Expired("The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
        var limit = Limit(query["limit"].ToString());
        var matching = Select(snapshot, target, query["labelSelector"], query["fieldSelector"])
            .Where(o => token is null || (o.Key.Namespace, o.Key.Name).CompareTo((token.Namespace, token.Name)) > 0)
            .ToArray();
        var page = limit > 0 ? matching.Take(limit).ToArray() : matching;
        var metadata = new JsonObject { ["resourceVersion"] = snapshot.Version.ToString() };
        if (page.Length < matching.Length)
        {
            store.Keep(snapshot);
            var last = page[^1].Key;
            metadata["continue"] = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new Token(snapshot.Version, last.Namespace, last.Name)));
            metadata["remainingItemCount"] = matching.Length - page.Length;
        }

        return new JsonObject
        {
            ["kind"] = target.Type.Kind + "List",
            ["apiVersion"] = target.Type.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Select(o => o.Value.DeepClone())]),
        };
    }

    public static IEnumerable<KeyValuePair<ObjectKey, JsonObject>> Select(StoreSnapshot snapshot, RequestTarget target, string? labelSelector, string? fieldSelector)
    {
        var matches = Selectors.Parse(target.Type, labelSelector, fieldSelector);
        return snapshot.Objects.Where(o => o.Key.IsOf(target.Type) && (target.Namespace.Length == 0 || o.Key.Namespace == target.Namespace) && matches(o.Value));
    }

    private static int Limit(string text) =>
        text.Length == 0 ? 0 : int.TryParse(text, out var limit) && limit >= 0 ? limit : throw KubernetesException.BadRequest($"limit: '{text}'; allowed: 0 and positive integers");

    private static Token? Parse(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Token>(Encoding.UTF8.GetString(Convert.FromBase64String(token)));
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw KubernetesException.BadRequest("continue key is not valid: " + error.Message);
        }
    }
}
