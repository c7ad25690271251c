using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Kubernetes.Client;

/// <summary>The API server said no.</summary>
internal sealed class ClusterException(int code, string reason, string message) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;
}

/// <summary>A Kubernetes API for controllers that know kinds only by name: objects are JSON, addresses come from discovery.</summary>
internal sealed class ClusterClient(HttpClient http, string manager)
{
    private readonly ConcurrentDictionary<(string ApiVersion, string Kind), (string Plural, bool Namespaced)> _kinds = new();

    public static ClusterClient From(IConfiguration configuration, string manager)
    {
        var address = configuration["services:kubernetes:http:0"]
            ?? throw new InvalidOperationException("services:kubernetes:http:0 is not set; expected the URL of the Kubernetes API");
        var http = new HttpClient { BaseAddress = new Uri(address.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new("Bearer", configuration["Kubernetes:Token"]);
        http.DefaultRequestHeaders.UserAgent.ParseAdd(manager);
        return new ClusterClient(http, manager);
    }

    public static string Collection(string apiVersion, string plural, string? @namespace = null) =>
        $"{(apiVersion.Contains('/') ? "apis" : "api")}/{apiVersion}/{(string.IsNullOrEmpty(@namespace) ? "" : $"namespaces/{@namespace}/")}{plural}";

    /// <summary>The address of the object a manifest describes.</summary>
    /// <exception cref="ClusterException">404: the kind is not served.</exception>
    public async Task<string> AddressAsync(string apiVersion, string kind, string? @namespace, string name, CancellationToken cancellationToken)
    {
        var (plural, namespaced) = await KindAsync(apiVersion, kind, cancellationToken);
        return $"{Collection(apiVersion, plural, namespaced ? @namespace : null)}/{name}";
    }

    /// <exception cref="ClusterException">404: the kind is not served.</exception>
    public async Task<bool> IsNamespacedAsync(string apiVersion, string kind, CancellationToken cancellationToken) =>
        (await KindAsync(apiVersion, kind, cancellationToken)).Namespaced;

    /// <summary>The object, or null when there is none.</summary>
    public async Task<JsonObject?> GetAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, address, null, null, cancellationToken);
        }
        catch (ClusterException error) when (error.Code == 404)
        {
            return null;
        }
    }

    public Task<JsonObject> ListAsync(string collection, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, collection, null, null, cancellationToken);

    public Task<JsonObject> ApplyAsync(string address, JsonObject manifest, CancellationToken cancellationToken, bool force = true, bool dryRun = false, string fieldValidation = "Strict") =>
        SendAsync(HttpMethod.Patch, $"{address}?fieldManager={manager}&force={(force ? "true" : "false")}&fieldValidation={fieldValidation}{(dryRun ? "&dryRun=All" : "")}", manifest, "application/apply-patch+yaml", cancellationToken);

    public Task<JsonObject> MergeAsync(string address, JsonObject patch, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, $"{address}?fieldManager={manager}", patch, "application/merge-patch+json", cancellationToken);

    /// <summary>Deletes the object; nothing happens when it is not there.</summary>
    public async Task DeleteAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(HttpMethod.Delete, address, null, null, cancellationToken);
        }
        catch (ClusterException error) when (error.Code == 404)
        {
            // What was wanted.
        }
    }

    /// <summary>The events after a version, until the server ends the watch.</summary>
    /// <exception cref="ClusterException">410: the version is too old.</exception>
    public async IAsyncEnumerable<(string Type, JsonObject Object)> WatchAsync(string collection, string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{collection}?watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion={version}");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ThrowIfFailedAsync(response, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var change = JsonNode.Parse(line)!;
            if (change.Text("type") == "ERROR")
            {
                throw Failure(change["object"], HttpStatusCode.InternalServerError);
            }

            yield return (change.Text("type")!, ((JsonObject)change["object"]!).Copy());
        }
    }

    private async Task<(string Plural, bool Namespaced)> KindAsync(string apiVersion, string kind, CancellationToken cancellationToken)
    {
        if (_kinds.TryGetValue((apiVersion, kind), out var known))
        {
            return known;
        }

        var resources = await GetAsync($"{(apiVersion.Contains('/') ? "apis" : "api")}/{apiVersion}", cancellationToken);
        var match = resources.Objects("resources").FirstOrDefault(r => r.Text("kind") == kind && !r.Text("name")!.Contains('/'))
            ?? throw new ClusterException(404, "NoKindMatch", $"no matches for kind \"{kind}\" in version \"{apiVersion}\"");
        return _kinds[(apiVersion, kind)] = (match.Text("name")!, match["namespaced"]!.GetValue<bool>());
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string address, JsonObject? body, string? contentType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(JsonExtensions.Plain), Encoding.UTF8, contentType!);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var response = await http.SendAsync(request, deadline.Token);
        await ThrowIfFailedAsync(response, deadline.Token);
        return ((JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(deadline.Token))!).Copy();
    }

    private static async Task ThrowIfFailedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var body = text.StartsWith('{') ? JsonNode.Parse(text) : new JsonObject { ["message"] = text.Trim() };
        throw Failure(body, response.StatusCode);
    }

    private static ClusterException Failure(JsonNode? status, HttpStatusCode code) =>
        new(status.At("code")?.GetValue<int>() ?? (int)code, status.Text("reason") ?? code.ToString(), status.Text("message") ?? code.ToString());
}
