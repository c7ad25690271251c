using System.Text.Json.Nodes;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Scaffolder.Templates;

/// <summary>Documents what templates can use besides the language's own filters and functions.</summary>
internal static class TemplatingExtensionsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v2/templating-extensions", List)
            .WithSummary("Filters and globals that templates can use")
            .WithDescription("`{ filters: { name: { description, schema, examples } }, globals: { functions, values } }`; schemas are JSON Schemas of input, arguments and output.")
            .RequireSignIn("it documents the template language and holds no data");

    private static JsonObject List() => new()
    {
        ["filters"] = new JsonObject
        {
            ["parseRepoUrl"] = Filter(
                "Splits what a RepoUrlPicker gives into host, owner and repo.", Type("string"), Type("object"),
                "${{ parameters.repoUrl | parseRepoUrl | pick('owner') }}"),
            ["parseEntityRef"] = Filter(
                "Splits an entity reference into kind, namespace and name.", Type("string"), Type("object"),
                "${{ parameters.owner | parseEntityRef({ defaultKind: 'group' }) | pick('name') }}",
                new JsonObject { ["type"] = "object", ["title"] = "defaults", ["properties"] = new JsonObject { ["defaultKind"] = Type("string"), ["defaultNamespace"] = Type("string") } }),
            ["pick"] = Filter("Takes a property out of an object, by its path.", Type("object"), new JsonObject(), "${{ parameters.answers | pick('team.name') }}", Type("string")),
            ["projectSlug"] = Filter("Makes owner/repo of what a RepoUrlPicker gives.", Type("string"), Type("string"), "${{ parameters.repoUrl | projectSlug }}"),
        },
        ["globals"] = new JsonObject
        {
            ["functions"] = new JsonObject
            {
                ["always"] = Function("True; a step whose `if` calls it is looked at even after a failure.", "if: ${{ always() }}"),
                ["failure"] = Function("Whether a step has failed; a step whose `if` calls it is looked at even after a failure.", "if: ${{ failure() }}"),
            },
            ["values"] = new JsonObject(),
        },
    };

    private static JsonObject Filter(string description, JsonObject input, JsonObject output, string example, params JsonObject[] arguments)
    {
        var schema = new JsonObject { ["input"] = input, ["output"] = output };
        if (arguments.Length > 0)
        {
            schema["arguments"] = new JsonArray([.. arguments]);
        }

        return new JsonObject { ["description"] = description, ["schema"] = schema, ["examples"] = Examples(example) };
    }

    private static JsonObject Function(string description, string example) => new()
    {
        ["description"] = description,
        ["schema"] = new JsonObject { ["arguments"] = new JsonArray(), ["output"] = Type("boolean") },
        ["examples"] = Examples(example),
    };

    private static JsonArray Examples(string example) => new(new JsonObject { ["example"] = example });

    private static JsonObject Type(string type) => new() { ["type"] = type };
}
