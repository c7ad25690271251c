using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Apicurio;

/// <summary>Artifacts with their versions and their compatibility rule, behind the registry's REST API.</summary>
internal sealed class SchemaStore(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Group, string Artifact), Schema> _schemas = new();
    private readonly Lock _writing = new();
    private long _lastGlobalId;

    private sealed class Schema(string type)
    {
        public string Type => type;

        public List<(string Content, long GlobalId, DateTimeOffset At)> Versions { get; } = [];

        public string? Rule { get; set; }
    }

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/system/info", () => new { name = "Apicurio Registry (In Memory)", description = "High performance, runtime registry for schemas and API designs.", version = "3.0.6", builtOn = time.GetUtcNow() });
        api.MapGet("/groups/{group}/artifacts", List);
        api.MapPost("/groups/{group}/artifacts", Create);
        api.MapGet("/groups/{group}/artifacts/{artifact}", (string group, string artifact) => Known(group, artifact, schema => Results.Ok(Describe(group, artifact, schema))));
        api.MapGet("/groups/{group}/artifacts/{artifact}/versions", (string group, string artifact) =>
            Known(group, artifact, schema => Results.Ok(new { count = schema.Versions.Count, versions = schema.Versions.Select((_, i) => Version(group, artifact, schema, i)) })));
        api.MapPost("/groups/{group}/artifacts/{artifact}/versions", AddVersion);
        api.MapGet("/groups/{group}/artifacts/{artifact}/versions/{version}/content", Content);
        api.MapGet("/groups/{group}/artifacts/{artifact}/rules/COMPATIBILITY", (string group, string artifact) =>
            Known(group, artifact, schema => schema.Rule is { } rule ? Results.Ok(new { ruleType = "COMPATIBILITY", config = rule }) : NoRule()));
        api.MapPut("/groups/{group}/artifacts/{artifact}/rules/COMPATIBILITY", (string group, string artifact, JsonObject body) =>
            Known(group, artifact, schema => schema.Rule is null ? NoRule() : SetRule(schema, body)));
        api.MapPost("/groups/{group}/artifacts/{artifact}/rules", (string group, string artifact, JsonObject body) => Known(group, artifact, schema => SetRule(schema, body)));
    }

    private IResult List(string group)
    {
        var found = _schemas.Where(s => s.Key.Group == group).OrderBy(s => s.Key.Artifact, StringComparer.Ordinal).Select(s => Describe(group, s.Key.Artifact, s.Value)).ToArray();
        return Results.Ok(new { count = found.Length, artifacts = found });
    }

    private IResult Create(string group, JsonObject body, string? ifExists)
    {
        var (artifact, type, content) = (body.Text("artifactId"), body.Text("artifactType") ?? "", body.Text("firstVersion", "content", "content") ?? "");
        if (artifact is null)
        {
            return Problem(400, "BadRequestException", "Missing artifactId");
        }

        if (Compatibility.Problem(type, content) is { } invalid)
        {
            return Problem(422, "UnprocessableSchemaException", invalid);
        }

        lock (_writing)
        {
            if (!_schemas.TryGetValue((group, artifact), out var schema))
            {
                schema = _schemas[(group, artifact)] = new Schema(type);
                return Results.Ok(Created(group, artifact, schema, Add(schema, content)));
            }

            var same = schema.Versions.FindIndex(v => v.Content == content);
            return ifExists switch
            {
                "FIND_OR_CREATE_VERSION" when same >= 0 => Results.Ok(Created(group, artifact, schema, same)),
                "CREATE_VERSION" or "FIND_OR_CREATE_VERSION" => Refusal(artifact, schema, content) ?? Results.Ok(Created(group, artifact, schema, Add(schema, content))),
                _ => Problem(409, "ArtifactAlreadyExistsException", $"An artifact with ID '{artifact}' in group '{group}' already exists."),
            };
        }
    }

    private IResult AddVersion(string group, string artifact, JsonObject body, bool? dryRun) => Known(group, artifact, schema =>
    {
        var content = body.Text("content", "content") ?? "";
        if (Compatibility.Problem(schema.Type, content) is { } invalid)
        {
            return Problem(422, "UnprocessableSchemaException", invalid);
        }

        lock (_writing)
        {
            return Refusal(artifact, schema, content)
                ?? Results.Ok(dryRun == true ? new { version = (schema.Versions.Count + 1).ToString(), artifactId = artifact, groupId = group, artifactType = schema.Type } : Version(group, artifact, schema, Add(schema, content)));
        }
    });

    private IResult Content(string group, string artifact, string version) => Known(group, artifact, schema =>
    {
        var index = version == "branch=latest" ? schema.Versions.Count : int.TryParse(version, out var number) ? number : 0;
        return index >= 1 && index <= schema.Versions.Count
            ? Results.Text(schema.Versions[index - 1].Content, "application/json")
            : Problem(404, "VersionNotFoundException", $"No version '{version}' found for artifact with ID '{artifact}' in group '{group}'.");
    });

    private IResult Known(string group, string artifact, Func<Schema, IResult> answer) =>
        _schemas.TryGetValue((group, artifact), out var schema) ? answer(schema) : Problem(404, "ArtifactNotFoundException", $"No artifact with ID '{artifact}' in group '{group}' was found.");

    private static IResult SetRule(Schema schema, JsonObject body)
    {
        schema.Rule = body.Text("config");
        return Results.NoContent();
    }

    private static IResult? Refusal(string artifact, Schema schema, string content)
    {
        var differences = Compatibility.Differences(schema.Type, schema.Rule ?? "NONE", schema.Versions[^1].Content, content);
        return differences.Count == 0 ? null : Results.Json(
            new
            {
                type = "about:blank",
                title = $"Incompatible artifact: {artifact} [{schema.Type}], num of incompatible diffs: {{{differences.Count}}}",
                status = 409,
                name = "RuleViolationException",
                causes = differences.Select(d => new { description = d.Description, context = d.Context }),
            },
            statusCode: 409);
    }

    private int Add(Schema schema, string content)
    {
        schema.Versions.Add((content, ++_lastGlobalId, time.GetUtcNow()));
        return schema.Versions.Count - 1;
    }

    private static object Created(string group, string artifact, Schema schema, int version) =>
        new { artifact = Describe(group, artifact, schema), version = Version(group, artifact, schema, version) };

    private static object Describe(string group, string artifact, Schema schema) => new
    {
        groupId = group,
        artifactId = artifact,
        artifactType = schema.Type,
        owner = "devplatform",
        createdOn = schema.Versions[0].At,
        modifiedOn = schema.Versions[^1].At,
    };

    private static object Version(string group, string artifact, Schema schema, int index) => new
    {
        groupId = group,
        artifactId = artifact,
        artifactType = schema.Type,
        version = (index + 1).ToString(),
        globalId = schema.Versions[index].GlobalId,
        contentId = schema.Versions[index].GlobalId,
        state = "ENABLED",
        owner = "devplatform",
        createdOn = schema.Versions[index].At,
    };

    private static IResult NoRule() => Problem(404, "RuleNotFoundException", "No rule named 'COMPATIBILITY' was found.");

    private static IResult Problem(int status, string name, string detail) =>
        Results.Json(new { type = "about:blank", title = detail, status, detail, name }, JsonSerializerOptions.Web, statusCode: status);
}
