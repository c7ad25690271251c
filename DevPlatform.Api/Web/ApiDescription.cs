using DevPlatform.Api.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace DevPlatform.Api.Web;

/// <summary>The OpenAPI document and the page that shows it: what each endpoint needs, and the one error body that all of them have.</summary>
internal static class ApiDescription
{
    private const string Scheme = "keycloak";

    public static void AddApiDescription(this WebApplicationBuilder builder) => builder.Services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "DevPlatform API",
                Version = "v1",
                Description = "The catalog, scaffolder, search and permission APIs are Backstage's; access, tools and identity are DevPlatform's own.",
            };
            document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token of the Keycloak realm.",
            });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellationToken) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointPermission>().LastOrDefault() is not { } declared)
            {
                return;
            }

            if (declared.Permission is { } permission)
            {
                operation.Description = $"{operation.Description}\n\nPermission: `{permission.Name}`.".TrimStart();
            }

            if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Authorization.IAllowAnonymous>().Any())
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            }

            (operation.Responses ??= []).TryAdd("default", new OpenApiResponse
            {
                Description = "An error: RFC 9457's members and Backstage's in one body",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(ErrorBody), cancellationToken: cancellationToken) },
                },
            });
        });
    });

    /// <summary>The page asks nobody but us: no fonts, telemetry or assistants from elsewhere.</summary>
    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference(page => page
            .WithTitle("DevPlatform API").DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools().HideClientButton()).AllowAnonymous();
    }
}
