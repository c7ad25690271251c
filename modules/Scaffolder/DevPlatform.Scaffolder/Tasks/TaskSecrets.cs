using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>
/// The secrets of one task: encrypted in the database while the task lives, masked wherever text leaves the task. Outputs and workspaces of a
/// task with secrets are encrypted too, since its actions may have put a secret into them.
/// </summary>
internal sealed class TaskSecrets
{
    public const string Mask = "***";

    private readonly IDataProtector _protector;
    private readonly string[] _values;

    public TaskSecrets(IDataProtectionProvider provider, JsonObject? secrets)
    {
        _protector = provider.CreateProtector("DevPlatform.Scaffolder.TaskSecrets");
        Values = secrets ?? [];
        // One character is no secret, and masking it would hide everything.
        _values = [.. Values.Select(s => s.Value?.ToString() ?? "").Where(s => s.Length > 1)];
    }

    public JsonObject Values { get; }

    public bool Any => Values.Count > 0;

    public static TaskSecrets Unprotect(IDataProtectionProvider provider, string? protectedSecrets)
    {
        var protector = provider.CreateProtector("DevPlatform.Scaffolder.TaskSecrets");
        return new TaskSecrets(provider, protectedSecrets is null ? null : JsonNode.Parse(protector.Unprotect(protectedSecrets)) as JsonObject);
    }

    /// <summary>For the database; null when there are none.</summary>
    public string? Protect() => Any ? _protector.Protect(Values.ToJsonString()) : null;

    public string ProtectText(string text) => Any ? _protector.Protect(text) : text;

    public string UnprotectText(string text) => Any ? _protector.Unprotect(text) : text;

    public byte[] ProtectBytes(byte[] bytes) => Any ? _protector.Protect(bytes) : bytes;

    public byte[] UnprotectBytes(byte[] bytes) => Any ? _protector.Unprotect(bytes) : bytes;

    /// <summary>A text that contains a secret is masked as a whole, as Backstage does: what stands around a secret may give it away.</summary>
    public string MaskText(string text) => Contains(text) ? Mask : text;

    /// <summary>Masks every string in a JSON value.</summary>
    public JsonNode? MaskJson(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(MaskText(p.Key), MaskJson(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(MaskJson)]),
        JsonValue v when v.GetValueKind() == JsonValueKind.String => JsonValue.Create(MaskText(v.ToString())),
        _ => node?.DeepClone(),
    };

    private bool Contains(string text)
    {
        foreach (var value in _values)
        {
            // Also as it looks inside JSON and base64, the two forms in which actions print what they were given.
            if (text.Contains(value, StringComparison.Ordinal)
                || text.Contains(JsonEncodedText.Encode(value).ToString(), StringComparison.Ordinal)
                || text.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
