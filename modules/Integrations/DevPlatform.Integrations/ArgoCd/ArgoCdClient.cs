using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace DevPlatform.Integrations.ArgoCd;

/// <summary>Argo CD's REST API, the part that the portal uses. Reads, and the two reconcile triggers that INV-4 permits.</summary>
public sealed class ArgoCdClient(HttpClient http, IOptions<ArgoCdOptions> options)
{
    /// <summary>One application, or null when Argo CD does not know it or hides it from us (it answers 403 for both).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="refresh">Compare with Git first; waits for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ArgoCdApplication?> GetApplicationAsync(string name, bool refresh, CancellationToken cancellationToken) =>
        SendAsync<ArgoCdApplication>(
            HttpMethod.Get, $"api/v1/applications/{Uri.EscapeDataString(name)}{(refresh ? "?refresh=normal" : "")}", null, cancellationToken);

    /// <summary>The applications with the labels of <paramref name="selector"/>.</summary>
    public async Task<IReadOnlyList<ArgoCdApplication>> ListApplicationsAsync(string selector, CancellationToken cancellationToken)
    {
        var list = await SendAsync<ApplicationList>(
            HttpMethod.Get, $"api/v1/applications?selector={Uri.EscapeDataString(selector)}", null, cancellationToken);
        return list?.Items ?? [];
    }

    /// <summary>Starts a sync to the target revision; null when the application is unknown.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="requestedBy">Entity ref of the person, kept in the operation's info.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ArgoCdApplication?> SyncAsync(string name, string requestedBy, CancellationToken cancellationToken) =>
        SendAsync<ArgoCdApplication>(
            HttpMethod.Post,
            $"api/v1/applications/{Uri.EscapeDataString(name)}/sync",
            new { infos = new[] { new { name = "requested-by", value = requestedBy } } },
            cancellationToken);

    private async Task<T?> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
        where T : class
    {
        if (http.BaseAddress is null)
        {
            throw new ServiceUnavailableException("Argo CD is not configured (ArgoCd:Url)");
        }

        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Value.Token);
            request.Content = body is null ? null : JsonContent.Create(body);
            using var answer = await http.SendAsync(request, cancellationToken);
            if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
            {
                return null;
            }

            if (answer.StatusCode == HttpStatusCode.BadRequest)
            {
                var error = await answer.Content.ReadFromJsonAsync<ErrorBody>(cancellationToken);
                throw new ConflictException($"Argo CD refused: {error?.Message ?? error?.Error}");
            }

            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<T>(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or BrokenCircuitException or TimeoutRejectedException or RateLimiterRejectedException
            or System.Text.Json.JsonException)
        {
            throw new ServiceUnavailableException($"Argo CD does not answer: {e.Message}", e);
        }
    }

    private sealed record ApplicationList(IReadOnlyList<ArgoCdApplication>? Items);

    private sealed record ErrorBody(string? Error, string? Message);
}
