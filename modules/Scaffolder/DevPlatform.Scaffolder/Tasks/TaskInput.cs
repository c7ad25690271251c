using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Scaffolder.JsonSchemas;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>What a caller sends to run a template, checked; the same for real runs and dry runs.</summary>
internal static class TaskInput
{
    /// <summary>Names and texts; nothing when there are none.</summary>
    /// <exception cref="InputException">Not an object of strings.</exception>
    public static JsonObject ReadSecrets(JsonNode? node)
    {
        var secrets = node switch
        {
            null => [],
            JsonObject o => o,
            _ => throw InputException.For("secrets", node.GetValueKind(), "an object of strings"),
        };
        foreach (var (name, value) in secrets)
        {
            if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String)
            {
                throw InputException.For($"secrets.{name}", value?.GetValueKind(), "a string");
            }
        }

        return secrets;
    }

    /// <exception cref="InvalidValuesException">Lists everything that the schemas and the guardrails do not accept.</exception>
    public static async Task ValidateAsync(
        IEnumerable<JsonObject> pages, JsonObject? secretsSchema, JsonObject values, JsonObject secrets, ProvisioningRequest? request, GuardrailOptions guardrails,
        CancellationToken cancellationToken)
    {
        var errors = new List<ValidationError>();
        foreach (var page in pages)
        {
            errors.AddRange(await SchemaValidator.ValidateAsync(page, values, "values", cancellationToken));
        }

        if (secretsSchema is not null)
        {
            // The answer names the field and the rule, not the secret.
            errors.AddRange((await SchemaValidator.ValidateAsync(secretsSchema, secrets, "secrets", cancellationToken))
                .Select(e => e with { Instance = e.Instance is null ? null : TaskSecrets.Mask }));
        }

        if (errors.Count == 0 && request is not null)
        {
            errors.AddRange(RequestGuardrails.Check(guardrails, request));
        }

        if (errors.Count > 0)
        {
            throw new InvalidValuesException(errors);
        }
    }

    /// <summary>An unknown action fails its step, as in Backstage; a known one that the caller may not use fails here.</summary>
    public static async Task AuthorizeActionsAsync(HttpContext http, ActionRegistry actions, IEnumerable<JsonObject> steps)
    {
        foreach (var id in steps.Select(s => s["action"]?.ToString() ?? "").Distinct(StringComparer.Ordinal))
        {
            if (actions.Find(id)?.Definition is { Permission: { } permission })
            {
                await http.AuthorizeAsync(permission, new PermissionResource(id, Tags: [id]));
            }
        }
    }
}
