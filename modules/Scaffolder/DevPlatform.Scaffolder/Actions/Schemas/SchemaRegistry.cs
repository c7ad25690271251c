using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Schemas;

/// <summary>A schema and where it belongs.</summary>
internal sealed record SchemaVersion(string Group, string Artifact, string Type, string Content, string ContentType);

/// <summary>Apicurio Registry, API v3.</summary>
internal sealed class SchemaRegistry(IHttpClientFactory clients, IOptions<ScaffolderOptions> options, IConfiguration configuration)
{
    public const string HttpClientName = "scaffolder-schema-registry";

    /// <summary>Why the registry would not take a version; empty when it would, or when the schema is new.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(SchemaVersion schema, CancellationToken cancellationToken)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, $"{Path(schema)}/versions?dryRun=true", new JsonObject { ["content"] = Content(schema) }, cancellationToken);
        return status switch
        {
            HttpStatusCode.OK or HttpStatusCode.NotFound => [],
            HttpStatusCode.Conflict => Causes(body),
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => throw new InputException($"The schema is not valid {schema.Type}: {body?["detail"] ?? body?["title"]}"),
            _ => throw Unexpected(status, body),
        };
    }

    /// <summary>Registers a version, or finds it; returns version and global id.</summary>
    public async Task<(string Version, long GlobalId)> RegisterAsync(SchemaVersion schema, string compatibility, bool overrideRule, CancellationToken cancellationToken)
    {
        if (!overrideRule)
        {
            return await CreateAsync(schema, compatibility, cancellationToken);
        }

        await SetRuleAsync(schema, "NONE", cancellationToken);
        try
        {
            return await CreateAsync(schema, compatibility, cancellationToken);
        }
        catch (PlatformException)
        {
            // What was let through once is not let through for good.
            await SetRuleAsync(schema, compatibility, CancellationToken.None);
            throw;
        }
    }

    private async Task<(string Version, long GlobalId)> CreateAsync(SchemaVersion schema, string compatibility, CancellationToken cancellationToken)
    {
        var (status, body) = await SendAsync(
            HttpMethod.Post,
            $"groups/{Uri.EscapeDataString(schema.Group)}/artifacts?ifExists=FIND_OR_CREATE_VERSION",
            new JsonObject
            {
                ["artifactId"] = schema.Artifact,
                ["artifactType"] = schema.Type,
                ["firstVersion"] = new JsonObject { ["content"] = Content(schema) },
            },
            cancellationToken);
        if (status != HttpStatusCode.OK)
        {
            throw status == HttpStatusCode.Conflict ? new ConflictException($"The registry refused the schema: {string.Join("; ", Causes(body))}") : Unexpected(status, body);
        }

        await SetRuleAsync(schema, compatibility, cancellationToken);
        return (body!["version"]!["version"]!.ToString(), body["version"]!["globalId"]!.GetValue<long>());
    }

    private async Task SetRuleAsync(SchemaVersion schema, string compatibility, CancellationToken cancellationToken)
    {
        var rule = new JsonObject { ["ruleType"] = "COMPATIBILITY", ["config"] = compatibility };
        var (status, body) = await SendAsync(HttpMethod.Put, $"{Path(schema)}/rules/COMPATIBILITY", rule, cancellationToken);
        if (status == HttpStatusCode.NotFound)
        {
            (status, body) = await SendAsync(HttpMethod.Post, $"{Path(schema)}/rules", (JsonObject)rule.DeepClone(), cancellationToken);
        }

        if (status is not (HttpStatusCode.OK or HttpStatusCode.NoContent))
        {
            throw Unexpected(status, body);
        }
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, JsonObject body, CancellationToken cancellationToken)
    {
        var settings = options.Value.SchemaRegistry;
        var server = settings.Url ?? (configuration["services:apicurio:http:0"] is { } url ? new Uri(url) : null)
            ?? throw new ServiceUnavailableException("The schema registry is not configured (Scaffolder:SchemaRegistry:Url)");
        using var client = clients.CreateClient(HttpClientName);
        using var request = new HttpRequestMessage(method, new Uri(server, $"/apis/registry/v3/{path}")) { Content = JsonContent.Create(body) };
        if (settings.Token is { Length: > 0 } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return (response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
        }
        catch (HttpRequestException e)
        {
            throw new ServiceUnavailableException($"The schema registry does not answer: {e.Message}", e);
        }
    }

    private static string Path(SchemaVersion schema) => $"groups/{Uri.EscapeDataString(schema.Group)}/artifacts/{Uri.EscapeDataString(schema.Artifact)}";

    private static JsonObject Content(SchemaVersion schema) => new() { ["content"] = schema.Content, ["contentType"] = schema.ContentType };

    private static List<string> Causes(JsonNode? body)
    {
        var causes = (body?["causes"] as JsonArray ?? []).Select(c => $"{c?["description"]} ({c?["context"]})").ToList();
        return causes.Count > 0 ? causes : [body?["title"]?.ToString() ?? "incompatible"];
    }

    private static ServiceUnavailableException Unexpected(HttpStatusCode status, JsonNode? body) =>
        new($"The schema registry answered {(int)status}: {body?["detail"] ?? body?["title"]}");
}

/// <summary>Section <c>Scaffolder:SchemaRegistry</c>.</summary>
public sealed class SchemaRegistryOptions
{
    /// <summary>The registry's base URL; default: the service <c>apicurio</c>.</summary>
    public Uri? Url { get; set; }

    /// <summary>Realm role that must have approved an incompatible version.</summary>
    [Required]
    public string OverrideRole { get; set; } = "sre-approver";

    /// <summary>Bearer token of the platform's account; null for an open registry.</summary>
    public string? Token { get; set; }
}
