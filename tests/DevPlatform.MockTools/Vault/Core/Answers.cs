using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DevPlatform.MockTools.Vault.Core;

/// <summary>Vault's refusal: <c>{ "errors": [...] }</c>, sometimes with data.</summary>
internal sealed class VaultException(int status, string[] errors, object? data = null) : Exception(string.Join("; ", errors))
{
    public VaultException(int status, string error)
        : this(status, [error])
    {
    }

    public int Status => status;

    public string[] Errors => errors;

    public new object? Data => data;

    public static VaultException PermissionDenied() => new(403, "permission denied");

    /// <summary>A list or an object that does not exist: 404 without a word.</summary>
    public static VaultException Missing() => new(404, []);
}

/// <summary>What an endpoint answers; becomes Vault's envelope, or 204 when there is nothing to say.</summary>
internal sealed record Answer(object? Data = null, object? Auth = null, string LeaseId = "", bool Renewable = false,
    long LeaseDuration = 0, string[]? Warnings = null, string? MountType = null)
{
    public static readonly Answer Nothing = new();

    public bool IsNothing => Data is null && Auth is null && LeaseId.Length == 0 && Warnings is null;

    public Dictionary<string, object?> ToEnvelope() => new()
    {
        ["request_id"] = Guid.NewGuid().ToString(),
        ["lease_id"] = LeaseId,
        ["renewable"] = Renewable,
        ["lease_duration"] = LeaseDuration,
        ["data"] = Data,
        ["wrap_info"] = null,
        ["warnings"] = Warnings,
        ["auth"] = Auth,
        ["mount_type"] = MountType ?? "system",
    };
}

/// <summary>Reads the loosely typed members of Vault's request bodies: lists may be comma-separated, durations <c>1h30m</c> or seconds.</summary>
internal static partial class Body
{
    public static async Task<JsonElement> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength is null or 0
            && !request.Headers.TransferEncoding.ToString().Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return JsonDocument.Parse("{}").RootElement;
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone()
                : throw new VaultException(400, "failed to parse JSON input: expected an object");
        }
        catch (JsonException e)
        {
            throw new VaultException(400, $"failed to parse JSON input: {e.Message}");
        }
    }

    public static JsonElement? Member(this JsonElement body, string name) => body.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement body, string name) => body.Member(name)?.ToString();

    public static bool? Flag(this JsonElement body, string name) => body.Text(name) is { } text ? bool.Parse(text) : null;

    public static string[]? List(this JsonElement body, string name) => body.Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray().Select(e => e.ToString())],
        { } one => one.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

    /// <summary>Like <see cref="List"/>, but SQL: commas separate nothing.</summary>
    public static string[]? Statements(this JsonElement body, string name) => body.Member(name) is { ValueKind: JsonValueKind.String } one
        ? [one.GetString()!] : body.List(name);

    public static Dictionary<string, string>? Map(this JsonElement body, string name) =>
        body.Member(name) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString()) : null;

    /// <summary>Seconds.</summary>
    public static long? Duration(this JsonElement body, string name)
    {
        if (body.Text(name) is not { Length: > 0 } text)
        {
            return null;
        }

        return Seconds(text) ?? throw new VaultException(400,
            $"error converting input for field \"{name}\": could not parse \"{text}\" as a duration");
    }

    public static long? Seconds(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds;
        }

        return DurationText().Match(text) is { Success: true, Length: > 0 } match
            ? Part(match, "d", 86400) + Part(match, "h", 3600) + Part(match, "m", 60) + Part(match, "s", 1)
            : null;
    }

    private static long Part(Match match, string unit, long factor) => match.Groups[unit].Success
        ? long.Parse(match.Groups[unit].Value, CultureInfo.InvariantCulture) * factor : 0;

    [GeneratedRegex(@"^((?<d>\d+)d)?((?<h>\d+)h)?((?<m>\d+)m)?((?<s>\d+)s)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DurationText();
}
