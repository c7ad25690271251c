using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Scaffolder.Actions;

internal static class ListActionsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v2/actions", List)
            .WithSummary("The actions that templates can use")
            .WithDescription("Id, description, examples and JSON Schemas of input and output, sorted by id.")
            .RequirePermission(ScaffolderPermissions.ActionExecute);

    private static JsonArray List(ActionRegistry actions) => new([.. actions.Definitions.Select(Document)]);

    private static JsonObject Document(ActionDefinition action)
    {
        var document = new JsonObject
        {
            ["id"] = action.Id,
            ["description"] = action.Description,
            ["schema"] = new JsonObject { ["input"] = action.InputSchema!.DeepClone(), ["output"] = action.OutputSchema!.DeepClone() },
        };
        if (action.Example is not null)
        {
            document["examples"] = new JsonArray(new JsonObject { ["description"] = $"{action.Id} in a template", ["example"] = action.Example });
        }

        return document;
    }
}
