using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Scaffolder.DryRun;

/// <summary>Tries a template that is being written: the template editor's run button.</summary>
internal static class DryRunEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v2/dry-run", RunAsync)
            .WithSummary("Try a template without effects")
            .WithDescription(
                "Body: `{ template, values, secrets?, directoryContents: [{ path, base64Content }] }`, at most 10 MB. 200 `{ log, directoryContents, output, steps }`: "
                + "what a run would log, leave in its workspace and put out. Actions that would touch something outside are skipped. "
                + "400 `{ errors }` for values that the template does not accept; a failing step is an error with that step's error name.")
            .RequirePermission(ScaffolderPermissions.TemplateDryRun);

    private static async Task<JsonObject> RunAsync(JsonObject body, HttpContext http, Caller caller, DryRunner runner)
    {
        var request = DryRunRequest.Read(body);
        await http.AuthorizeAsync(ScaffolderPermissions.TaskCreate, new PermissionResource(DryRunRequest.TemplateRef));
        await TaskInput.AuthorizeActionsAsync(http, runner.Actions, (request.Template.Spec["steps"] as JsonArray ?? []).OfType<JsonObject>());
        return await runner.RunAsync(request, caller, http.RequestAborted);
    }
}
