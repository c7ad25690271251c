using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Scaffolder.Templates;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wolverine;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>Starts a task: everything that can be refused is refused here, before anything exists.</summary>
internal static class CreateTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v2/tasks", CreateAsync)
            .WithSummary("Run a template")
            .WithDescription(
                "Body: `{ templateRef, values, secrets? }`. 201 `{ id }`. 400 `{ errors: [{ path, message, field, found, allowed, … }] }` for values that the "
                + "template's schema or a guardrail does not accept; 409 for a full quota or a name in use; 404 unknown template.")
            .RequirePermission(ScaffolderPermissions.TaskCreate);

    private static async Task<Created<JsonObject>> CreateAsync(
        JsonObject body, HttpContext http, Caller caller, IMessageBus bus, IPermissionEvaluator permissions, ActionRegistry actions, TaskCreation creation,
        IOptions<ScaffolderOptions> options)
    {
        var templateRef = body["templateRef"] is JsonValue text ? text.ToString() : throw InputException.For("templateRef", body["templateRef"], "an entity reference");
        var values = body["values"] as JsonObject ?? throw InputException.For("values", body["values"]?.ToJsonString(), "an object");
        var secrets = TaskInput.ReadSecrets(body["secrets"]);
        var template = await TemplateStore.GetAsync(bus, templateRef, http.RequestAborted);
        var request = ProvisioningRequest.Read(template, values);
        await http.AuthorizeAsync(
            ScaffolderPermissions.TemplateExecute, new PermissionResource(template.EntityRef, template.Owners, request?.Environment, template.Tags));

        TemplateLifecycle.RequireMayRun(template, caller);
        var access = new TemplateAccess(template, caller, permissions);
        var steps = access.VisibleSteps().ToList();
        await TaskInput.AuthorizeActionsAsync(http, actions, steps);
        await TaskInput.ValidateAsync(
            access.VisiblePages(), template.SecretsSchema, values, secrets, request, options.Value.Guardrails, http.RequestAborted);
        var userEntity = await TemplateStore.FindEntityAsync(bus, caller.UserRef, http.RequestAborted);
        var spec = TaskSpec.Create(template, steps, values, caller.UserRef, userEntity);
        var id = await creation.CreateAsync(template, spec, caller, secrets, request, http.RequestAborted);
        return TypedResults.Created($"/api/scaffolder/v2/tasks/{id}", new JsonObject { ["id"] = id.ToString() });
    }
}
