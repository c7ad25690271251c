using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>What provider-vault does with the composed resources of a claim: it tells Vault, so that credentials can be had.</summary>
internal sealed class VaultProvider(CrossplaneOptions options, VaultClient vault)
{
    private static readonly string[] Engines = ["mongodb", "redis", "mysql", "postgresql"];

    /// <summary>Makes what is missing; safe to repeat.</summary>
    public async Task EnsureAsync(IEnumerable<JsonObject> composed, CancellationToken cancellationToken)
    {
        // Roles come after the connection that they name.
        foreach (var resource in composed.OrderBy(r => r.Text("kind") == "SecretBackendConnection" ? 0 : 1))
        {
            if (options.VaultUrl is not null && PathOf(resource) is { } path)
            {
                await vault.WriteAsync(path, Body(resource, resource["spec"]!["forProvider"]!), cancellationToken);
            }
        }
    }

    public async Task DropAsync(JsonObject composed, CancellationToken cancellationToken)
    {
        if (options.VaultUrl is null || PathOf(composed) is not { } path)
        {
            return;
        }

        if (path.StartsWith("database/roles/"))
        {
            await vault.WriteAsync($"sys/leases/revoke-prefix/{path.Replace("/roles/", "/creds/")}", new { }, cancellationToken);
        }

        await vault.DeleteAsync(path, cancellationToken);
    }

    private static string? PathOf(JsonObject resource)
    {
        var name = resource.Text("spec", "forProvider", "name");
        return (resource.Text("apiVersion")!.Split('/')[0], resource.Text("kind")) switch
        {
            ("database.vault.upbound.io", "SecretBackendConnection") => $"database/config/{name}",
            ("database.vault.upbound.io", "SecretBackendRole") => $"database/roles/{name}",
            ("aws.vault.upbound.io", "SecretBackendRole") => $"aws/roles/{name}",
            _ => null,
        };
    }

    private static JsonObject Body(JsonObject resource, JsonNode settings)
    {
        if (resource.Text("kind") == "SecretBackendConnection")
        {
            var engine = Engines.First(e => settings[e] is not null);
            return new JsonObject
            {
                ["plugin_name"] = settings.Text("pluginName") ?? $"{engine}-database-plugin",
                ["verify_connection"] = false,
                ["connection_url"] = settings.Objects(engine).First().Text("connectionUrl"),
                ["username"] = settings.Objects(engine).First().Text("username"),
                ["allowed_roles"] = settings["allowedRoles"]?.DeepClone(),
            };
        }

        return settings.Text("credentialType") is { } type
            ? new JsonObject { ["credential_type"] = type, ["role_arns"] = settings["roleArns"]?.DeepClone(), ["policy_document"] = settings.Text("policyDocument") }
            : new JsonObject
            {
                ["db_name"] = settings.Text("dbName"),
                ["creation_statements"] = settings["creationStatements"]?.DeepClone(),
                ["default_ttl"] = settings["defaultTtl"]?.DeepClone(),
                ["max_ttl"] = settings["maxTtl"]?.DeepClone(),
            };
    }
}
