using DevPlatform.Catalog.TechDocs.Endpoints;
using DevPlatform.Catalog.TechDocs.Publishing;
using DevPlatform.Catalog.TechDocs.Storage;
using DevPlatform.Shared.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DevPlatform.Catalog.TechDocs;

/// <summary>Documentation that lives with the code (RFC §7).</summary>
internal static class TechDocsServices
{
    public static IServiceCollection AddTechDocs(this IServiceCollection services)
    {
        services.AddModuleOptions<TechDocsOptions>(TechDocsOptions.Section);
        services.TryAddSingleton<IDocsStorage, FileSystemDocsStorage>();
        services.AddSingleton<DocsSites>();
        services.AddSingleton<DocsPublisher>();
        services.AddHostedService<DocsUpkeep>();
        return services;
    }

    /// <summary>Maps <c>/api/techdocs</c>, Backstage's TechDocs API.</summary>
    public static void MapTechDocs(this IEndpointRouteBuilder routes)
    {
        var techdocs = routes.MapGroup("/api/techdocs").WithTags("TechDocs");
        StaticDocs.Map(techdocs);
        SyncDocs.Map(techdocs);
        DocsMetadata.Map(techdocs);
        DocsCookie.Map(techdocs);
    }
}
