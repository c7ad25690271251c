using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DevPlatform.Access.Vault;

/// <summary>What Vault wraps every answer in.</summary>
internal sealed record VaultAnswer<T>(
    [property: JsonPropertyName("lease_id")] string? LeaseId,
    [property: JsonPropertyName("lease_duration")] int LeaseDuration,
    [property: JsonPropertyName("data")] T? Data,
    [property: JsonPropertyName("auth")] VaultAuth? Auth);

internal sealed record VaultAuth(
    [property: JsonPropertyName("client_token")] string ClientToken,
    [property: JsonPropertyName("lease_duration")] int LeaseDuration,
    [property: JsonPropertyName("renewable")] bool Renewable)
{
    // Records print their members, and this one is a secret.
    public override string ToString() => nameof(VaultAuth);
}

internal sealed record VaultCredentialData(
    [property: JsonPropertyName("username")] string Username, [property: JsonPropertyName("password")] string Password)
{
    public override string ToString() => nameof(VaultCredentialData);
}

internal sealed record VaultSecretData([property: JsonPropertyName("data")] Dictionary<string, JsonElement>? Data);

internal sealed record VaultErrors([property: JsonPropertyName("errors")] IReadOnlyList<string>? Errors);

/// <summary>A credential and its lease.</summary>
internal sealed record VaultCredential(string Username, string Password, string LeaseId, TimeSpan LeaseDuration)
{
    public override string ToString() => $"credential of lease {LeaseId}";
}

/// <summary>Vault said no; the message is Vault's own.</summary>
internal sealed class VaultException(HttpStatusCode statusCode, string message) : Exception(message)
{
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>Vault does not know the lease: it is over.</summary>
    public bool IsUnknownLease => StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound
        && (Message.Contains("invalid lease", StringComparison.OrdinalIgnoreCase) || Message.Contains("lease not found", StringComparison.OrdinalIgnoreCase));
}
