using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>The few calls of Vault that the operators make.</summary>
internal sealed class VaultClient : IDisposable
{
    private readonly HttpClient _http;

    public VaultClient(CrossplaneOptions options)
    {
        _http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        if (options.VaultUrl is { } url)
        {
            _http.BaseAddress = new Uri(url.TrimEnd('/') + "/v1/");
            _http.DefaultRequestHeaders.Add("X-Vault-Token", options.VaultToken);
            _http.DefaultRequestHeaders.Add("X-Vault-Request", "true");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The answer's <c>data</c>, or null when there is nothing at the path.</summary>
    /// <exception cref="HttpRequestException">Vault is away or refuses; the message says what it said.</exception>
    public async Task<JsonNode?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await ThrowIfFailedAsync(response, path, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))?["data"];
    }

    public async Task WriteAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(path, body, cancellationToken);
        await ThrowIfFailedAsync(response, path, cancellationToken);
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.DeleteAsync(path, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            await ThrowIfFailedAsync(response, path, cancellationToken);
        }
    }

    private static async Task ThrowIfFailedAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var errors = text.StartsWith('{') ? (JsonNode.Parse(text).At("errors") as JsonArray)?.Select(e => e?.ToString()) : null;
        throw new HttpRequestException($"Vault: {path}: {(int)response.StatusCode} {(errors is null ? text : string.Join("; ", errors))}".Trim(), null, response.StatusCode);
    }
}
