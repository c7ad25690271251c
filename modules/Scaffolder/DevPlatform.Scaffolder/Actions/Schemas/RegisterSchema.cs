using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Schemas;

/// <summary><c>schema:register</c>: checks a schema against the registry and registers it; an incompatible one only with an approval (INV-12).</summary>
internal sealed class RegisterSchema(SchemaRegistry registry, IOptions<ScaffolderOptions> options) : IScaffolderAction
{
    private static readonly string[] Compatibilities = ["BACKWARD", "FORWARD", "FULL", "NONE"];

    public ActionDefinition Definition { get; } = new()
    {
        Id = "schema:register",
        Description = "Checks a schema for compatibility and registers it. With checkOnly it changes nothing: the step before a commit.",
        InputSchema = Schema.Object(
            [
                ("group", Schema.Text("Group in the registry; default: default")),
                ("artifactId", Schema.Text("Id of the schema")),
                ("type", new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("AVRO", "JSON", "PROTOBUF"), ["description"] = "Kind of schema; CloudEvents are JSON" }),
                ("content", Schema.Text("The schema")),
                ("file", Schema.Text("Workspace file with the schema, instead of content")),
                ("compatibility", new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Compatibilities.Select(c => (JsonNode)c)]), ["description"] = "What later versions must be; default: BACKWARD" }),
                ("checkOnly", Schema.Flag("Only asks whether the registry would take it")),
                ("override", Schema.Flag("Registers an incompatible version; the task needs an approval (access:request-approval)")),
            ],
            "artifactId", "type"),
        OutputSchema = Schema.Object(
        [
            ("compatible", Schema.Flag("Whether the registry would take it without an override")),
            ("violations", Schema.List(Schema.Text("violation"), "Why not")),
            ("version", Schema.Text("The registered version")),
            ("globalId", Schema.Number("Its global id")),
        ]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("apicurio", CredentialKind.ServiceAccount),
        Example = "steps:\n  - action: schema:register\n    input:\n      group: team-orders\n      artifactId: order-placed\n      type: AVRO\n      file: schema.avsc\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var content = context.Text("content")
            ?? (context.Text("file") is { } file ? await context.Workspace.ReadTextAsync(file, cancellationToken) : throw InputException.For("content", null, "content or file"));
        var type = context.Text("type")!;
        var schema = new SchemaVersion(
            context.Text("group") ?? "default", context.Text("artifactId")!, type, content, type == "PROTOBUF" ? "application/x-protobuf" : "application/json");
        var violations = await registry.CheckAsync(schema, cancellationToken);
        context.Output["compatible"] = violations.Count == 0;
        context.Output["violations"] = new JsonArray([.. violations.Select(v => (JsonNode)v)]);
        var forced = violations.Count > 0 && context.Flag("override");
        if (violations.Count > 0)
        {
            await context.LogAsync($"{schema.Artifact} is not compatible: {string.Join("; ", violations)}");
            RequireOverride(context, schema, violations);
        }

        if (context.Flag("checkOnly"))
        {
            await context.LogAsync($"The registry would take {schema.Group}/{schema.Artifact}{(forced ? " only by the approved override" : "")}");
            return;
        }

        var (version, globalId) = await registry.RegisterAsync(schema, context.Text("compatibility") ?? Compatibilities[0], forced, cancellationToken);
        context.Output["version"] = version;
        context.Output["globalId"] = globalId;
        await context.LogAsync($"Registered {schema.Group}/{schema.Artifact} as version {version}{(forced ? $", approved by {string.Join(", ", context.ApprovedBy)}" : "")}");
    }

    // Before the approval a check may say what is wrong, so that the approvers are told.
    private void RequireOverride(ActionContext context, SchemaVersion schema, IReadOnlyList<string> violations)
    {
        if (!context.Flag("override"))
        {
            throw new ConflictException($"{schema.Group}/{schema.Artifact} is not compatible with its last version: {string.Join("; ", violations)}; allowed: a compatible schema, or an approved override");
        }

        var role = options.Value.SchemaRegistry.OverrideRole;
        if (!context.Flag("checkOnly") && !context.ApprovedRoles.Contains(role, StringComparer.Ordinal))
        {
            throw new NotAllowedException($"{schema.Group}/{schema.Artifact} is not compatible, and an override needs approval by {role} (access:request-approval), which the task does not have");
        }
    }
}
