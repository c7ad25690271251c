using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wolverine;

namespace DevPlatform.Scaffolder.Templates;

internal static class GetParameterSchemaEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v2/templates/{namespace}/{kind}/{name}/parameter-schema", GetAsync)
            .WithSummary("The pages of a template's wizard")
            .WithDescription("Title, presentation and one JSON Schema per page, without what the caller may not use. 404 unknown template, 400 not a template.")
            .RequirePermission(ScaffolderPermissions.TemplateParameterRead);

    private static async Task<JsonObject> GetAsync(
        string @namespace, string kind, string name, HttpContext http, Caller caller, IMessageBus bus, IPermissionEvaluator permissions)
    {
        var template = await TemplateStore.GetAsync(bus, $"{kind}:{@namespace}/{name}", http.RequestAborted);
        await http.AuthorizeAsync(
            ScaffolderPermissions.TemplateParameterRead, new PermissionResource(template.EntityRef, template.Owners, Tags: template.Tags));
        var schema = new JsonObject { ["title"] = (template.Metadata["title"] ?? template.Metadata["name"])?.DeepClone() };
        Copy(template.Metadata, "description", schema);
        Copy(template.Metadata, "ui:options", schema);
        Copy(template.Spec, "presentation", schema);
        Copy(template.Spec, "formDecorators", schema);
        schema["steps"] = new JsonArray([.. new TemplateAccess(template, caller, permissions).VisiblePages().Select(Page)]);
        return schema;
    }

    private static JsonObject Page(JsonObject page)
    {
        var step = new JsonObject { ["title"] = page["title"]?.DeepClone() ?? "Please enter the following information" };
        Copy(page, "description", step);
        step["schema"] = page.DeepClone();
        return step;
    }

    private static void Copy(JsonObject from, string key, JsonObject to)
    {
        if (from[key] is { } value)
        {
            to[key] = value.DeepClone();
        }
    }
}
