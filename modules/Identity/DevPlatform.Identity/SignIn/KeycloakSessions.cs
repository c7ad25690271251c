using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using DevPlatform.Identity.Tokens;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace DevPlatform.Identity.SignIn;

/// <summary>What Keycloak's token endpoint answers (RFC 6749, section 5.1).</summary>
/// <param name="AccessToken">For our API.</param>
/// <param name="IdToken">Who signed in; on a refresh it may be missing.</param>
/// <param name="RefreshToken">For the next tokens.</param>
/// <param name="ExpiresIn">Seconds that the access token lives.</param>
/// <param name="RefreshExpiresIn">Seconds that the refresh token lives; 0 is unknown.</param>
/// <param name="Scope">What was granted.</param>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("id_token")] string? IdToken,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_expires_in")] int RefreshExpiresIn,
    [property: JsonPropertyName("scope")] string? Scope);

/// <summary>Asks Keycloak, as its client, for the tokens of a user's session and for the session's end (trust boundary B4).</summary>
internal sealed class KeycloakSessions(IHttpClientFactory clients, KeycloakKeys keys, IOptions<IdentityOptions> options)
{
    public const string HttpClientName = "keycloak-sessions";

    /// <summary>Issuer and endpoints, as the realm's discovery document names them.</summary>
    /// <exception cref="ServiceUnavailableException">Keycloak has not answered yet.</exception>
    public async Task<OpenIdConnectConfiguration> EndpointsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await keys.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new ServiceUnavailableException("Keycloak has not answered yet; try again in a few seconds", e);
        }
    }

    /// <exception cref="AuthenticationException">Keycloak refuses.</exception>
    /// <exception cref="ServiceUnavailableException">Keycloak does not answer.</exception>
    public Task<TokenAnswer> RedeemAsync(string code, SignInAttempt attempt, CancellationToken cancellationToken) => TokensAsync(
        new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = attempt.RedirectUri, ["code_verifier"] = attempt.Verifier },
        cancellationToken);

    /// <exception cref="AuthenticationException">Keycloak refuses: the session has ended.</exception>
    /// <exception cref="ServiceUnavailableException">Keycloak does not answer.</exception>
    public Task<TokenAnswer> RefreshAsync(string refreshToken, CancellationToken cancellationToken) =>
        TokensAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, cancellationToken);

    /// <summary>Ends the session at Keycloak, which tells the other applications of it.</summary>
    /// <exception cref="ServiceUnavailableException">Keycloak does not answer.</exception>
    public async Task EndAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var endpoint = (await EndpointsAsync(cancellationToken)).EndSessionEndpoint;
        // A session that has already ended is refused: as good as ended.
        using var response = await PostAsync(endpoint, new() { ["refresh_token"] = refreshToken }, cancellationToken);
    }

    private async Task<TokenAnswer> TokensAsync(Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        var endpoint = (await EndpointsAsync(cancellationToken)).TokenEndpoint;
        using var response = await PostAsync(endpoint, form, cancellationToken);
        try
        {
            if (response.IsSuccessStatusCode)
            {
                return await response.Content.ReadFromJsonAsync<TokenAnswer>(cancellationToken) is { AccessToken.Length: > 0 } answer
                    ? answer
                    : throw new JsonException("no access_token");
            }

            var refusal = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            var reason = refusal.TryGetProperty("error_description", out var description) ? description.GetString() : refusal.GetProperty("error").GetString();
            throw new AuthenticationException($"Keycloak refused: {reason}");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ServiceUnavailableException("Keycloak's answer was not understood", e);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(string endpoint, Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        form["client_id"] = options.Value.ClientId;
        if (options.Value.ClientSecret is { Length: > 0 } secret)
        {
            form["client_secret"] = secret;
        }

        try
        {
            using var content = new FormUrlEncodedContent(form);
            var response = await clients.CreateClient(HttpClientName).PostAsync(new Uri(endpoint), content, cancellationToken);
            if ((int)response.StatusCode is not (>= 500 or 429))
            {
                return response;
            }

            using (response)
            {
                throw new ServiceUnavailableException($"Keycloak answered {(int)response.StatusCode}; try again in a few seconds");
            }
        }
        catch (Exception e) when (e is not PlatformException && !cancellationToken.IsCancellationRequested)
        {
            // Refused, too slow, or a circuit that is open: the same to who asks.
            throw new ServiceUnavailableException("Keycloak does not answer at the moment; try again in a few seconds", e);
        }
    }
}
