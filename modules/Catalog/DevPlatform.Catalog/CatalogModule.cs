using System.Reflection;
using DevPlatform.Shared.Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace DevPlatform.Catalog;

/// <summary>The Catalog module: what exists and who owns it: entities, ingestion, queries.</summary>
public static class CatalogModule
{
    /// <summary>Adds the module's services, storage and message handlers.</summary>
    public static IHostApplicationBuilder AddCatalog(this IHostApplicationBuilder builder)
    {
        builder.Services.AddModuleMessages(Assembly.GetExecutingAssembly());
        return builder;
    }

    /// <summary>Maps the module's endpoints.</summary>
    public static IEndpointRouteBuilder MapCatalog(this IEndpointRouteBuilder routes) => routes;
}
