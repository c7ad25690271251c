using System.Net.Http.Json;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Vault;

/// <summary>Sends requests to Vault and reads its answers. Bodies are never logged: they are secrets in both directions.</summary>
internal sealed class VaultTransport(IHttpClientFactory clients, IOptionsMonitor<VaultOptions> options)
{
    public const string ClientName = "vault";

    /// <exception cref="VaultException">Vault refused.</exception>
    /// <exception cref="HttpRequestException">Vault did not answer.</exception>
    public async Task<VaultAnswer<T>> SendAsync<T>(HttpMethod method, string path, object? body, string? token, CancellationToken cancellationToken)
    {
        if (options.CurrentValue.Address is not { Length: > 0 } address)
        {
            throw new HttpRequestException("Vault is not configured: set Vault:Address");
        }

        using var client = clients.CreateClient(ClientName);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.CurrentValue.Timeout);
        using var request = new HttpRequestMessage(method, $"{address.TrimEnd('/')}/v1/{path}");
        request.Headers.Add("X-Vault-Request", "true");
        if (token is not null)
        {
            request.Headers.Add("X-Vault-Token", token);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        try
        {
            using var response = await client.SendAsync(request, timeout.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw new VaultException(response.StatusCode, await ErrorAsync(response, timeout.Token));
            }

            // 202 and 204 come without a body.
            return response.Content.Headers.ContentLength is 0 or null && response.StatusCode != System.Net.HttpStatusCode.OK
                ? new VaultAnswer<T>(null, 0, default, null)
                : (await response.Content.ReadFromJsonAsync<VaultAnswer<T>>(timeout.Token))!;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("Vault did not answer in time", e);
        }
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var errors = (await response.Content.ReadFromJsonAsync<VaultErrors>(cancellationToken))?.Errors ?? [];
            return $"Vault answered {(int)response.StatusCode}: {(errors.Count == 0 ? "no reason given" : string.Join("; ", errors))}";
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or NotSupportedException)
        {
            return $"Vault answered {(int)response.StatusCode}";
        }
    }
}
