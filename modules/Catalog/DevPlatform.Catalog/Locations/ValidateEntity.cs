using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Processors;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Locations;

/// <summary>A problem with an entity.</summary>
internal sealed record ValidationError(string Name, string Message);

/// <summary><c>POST /validate-entity</c>: checks an entity as if it were registered at a location, storing nothing.</summary>
internal static class ValidateEntity
{
    public static void Map(IEndpointRouteBuilder catalog) => catalog.MapPost("/validate-entity", RunAsync)
        .RequirePermission(CatalogPermissions.EntityValidate)
        .WithSummary("Checks an entity document")
        .WithDescription("Body: entity, location (url:<url>). 200 without body, or 400 with errors [{name, message}].");

    private static async Task<IResult> RunAsync(HttpContext context, SourceReader reader, EntityPipeline pipeline)
    {
        var body = await RequestBody.ReadAsync(context);
        var location = body.Text("location", required: true)!;
        if (!body.TryGetProperty("entity", out var element) || element.ValueKind != JsonValueKind.Object)
        {
            throw InputException.For("entity", element.ValueKind == JsonValueKind.Undefined ? null : element.GetRawText(), "an object");
        }

        if (!location.StartsWith("url:", StringComparison.Ordinal) || !Uri.TryCreate(location[4..], UriKind.Absolute, out _))
        {
            return Invalid([new ValidationError("TypeError", $"Invalid location \"{location}\"; allowed: url:<absolute URL>")]);
        }

        var entity = JsonObject.Create(element)!;
        var errors = pipeline.Validate(entity).Select(problem => new ValidationError("InputError", problem.Message)).ToList();
        if (errors.Count == 0 && EntityJson.Kind(entity) == "Location")
        {
            errors.AddRange(await CheckTargetsAsync((JsonObject)entity["spec"]!, location[4..], reader, context.RequestAborted));
        }

        return errors.Count == 0 ? Results.Ok() : Invalid(errors);
    }

    private static async Task<List<ValidationError>> CheckTargetsAsync(JsonObject spec, string location, SourceReader reader, CancellationToken cancellationToken)
    {
        var errors = new List<ValidationError>();
        if (EntityJson.Text(spec["presence"]) == "optional")
        {
            return errors;
        }

        foreach (var target in (spec["targets"] as JsonArray ?? []).Prepend(spec["target"]).Select(EntityJson.Text).OfType<string>())
        {
            try
            {
                await reader.ReadTextAsync("url", Provenance.Resolve("url", location, target), new ReadSession(), cancellationToken);
            }
            catch (PlatformException e)
            {
                errors.Add(new ValidationError(e.Name, e.Message));
            }
        }

        return errors;
    }

    private static IResult Invalid(IReadOnlyList<ValidationError> errors) => Results.Json(new { errors }, statusCode: StatusCodes.Status400BadRequest);
}
