using System.Reflection;
using DevPlatform.Catalog.Cluster;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Crossplane;
using DevPlatform.Catalog.Edits;
using DevPlatform.Catalog.Events;
using DevPlatform.Catalog.Graph;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Locations;
using DevPlatform.Catalog.Permissions;
using DevPlatform.Catalog.Processors;
using DevPlatform.Catalog.Providers;
using DevPlatform.Catalog.Providers.GitHub;
using DevPlatform.Catalog.Queries;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Search;
using DevPlatform.Catalog.Storage;
using DevPlatform.Catalog.TechDocs;
using DevPlatform.Shared.Clusters;
using DevPlatform.Shared.Configuration;
using DevPlatform.Shared.Git;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog;

/// <summary>The Catalog module: what exists and who owns it (RFC §5).</summary>
public static class CatalogModule
{
    /// <summary>Adds storage, ingestion, the read model and the watch of claims.</summary>
    public static IHostApplicationBuilder AddCatalog(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddModuleOptions<CatalogOptions>(CatalogOptions.Section);
        services.AddKubernetesClusters();
        services.AddGitRepositories();
        builder.AddModuleDbContext<CatalogDbContext>(CatalogDbContext.Schema);
        services.AddModuleMessages(Assembly.GetExecutingAssembly());

        services.AddSingleton<ChangeFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());

        services.AddSingleton<EntityEvents>();

        services.AddSingleton<IPermissionResources, EntityResources>();
        services.AddSingleton<UrlReader>();
        services.AddSingleton<SourceReader>();
        services.AddSingleton<SourceTreeReader>();
        // In this order: what files hold is in place before owners and rules are looked at, and annotations come after what an author wrote.
        services.AddSingleton<IEntityProcessor, PlaceholderProcessor>();
        services.AddSingleton<IEntityProcessor, CodeOwnersProcessor>();
        services.AddSingleton<IEntityProcessor, KindProcessor>();
        services.AddSingleton<IEntityProcessor, AnnotationProcessor>();
        services.AddSingleton<IEntityProcessor, LocationProcessor>();
        services.AddSingleton<EntityPipeline>();
        services.AddScoped<CatalogWriter>();
        services.AddSingleton<SearchReader>();
        services.AddScoped<Ingestor>();
        services.AddScoped<LocationRegistry>();
        services.AddScoped<ProvidedEntities>();
        services.AddScoped<EntityEdits>();
        services.AddSingleton<ICatalogProvider, ConfiguredLocations>();
        services.AddSingleton<ICatalogProvider, GitRepositoriesProvider>();
        services.AddSingleton<ICatalogProvider, KubernetesWorkloads>();
        services.AddModuleOptions<GitHubOptions>(GitHubOptions.Section);
        services.AddSingleton<IPostConfigureOptions<GitOptions>, GitHubCloneAccount>();
        services.AddSingleton<GitHubInstallations>();
        services.AddSingleton<IGitAccounts>(provider => provider.GetRequiredService<GitHubInstallations>());
        services.AddSingleton<GitHubApi>();
        foreach (var login in builder.Configuration.GetSection(GitHubOptions.Section).Get<GitHubOptions>()?.Organizations ?? [])
        {
            services.AddSingleton<ICatalogProvider>(provider => ActivatorUtilities.CreateInstance<GitHubOrganization>(provider, login));
        }

        services.AddSingleton<RefreshSignals>();
        services.AddHostedService<IngestionService>();

        services.AddSingleton<KubernetesCluster>();
        services.AddHostedService<ClaimWatch>();

        services.AddTechDocs();
        return builder;
    }

    /// <summary>Maps <c>/api/catalog</c>, <c>/api/search</c> and <c>/api/techdocs</c>, Backstage's APIs.</summary>
    public static IEndpointRouteBuilder MapCatalog(this IEndpointRouteBuilder routes)
    {
        var catalog = routes.MapGroup("/api/catalog").WithTags("Catalog");
        ListEntities.Map(catalog);
        QueryEntities.Map(catalog);
        GetEntities.Map(catalog);
        EntityFacets.Map(catalog);
        GraphEndpoint.Map(catalog);
        EventStreamEndpoint.Map(catalog);
        HistoryEndpoint.Map(catalog);
        ChangeEntities.Map(catalog);
        EditEndpoints.Map(catalog);
        LocationEndpoints.Map(catalog);
        ValidateEntity.Map(catalog);
        AnalyzeLocation.Map(catalog);
        catalog.MapPermissionMetadata(CatalogPermissions.All, EntityRules.All);
        ApplyConditions.Map(catalog);
        routes.MapTechDocs();
        SearchEndpoint.Map(routes);
        return routes;
    }
}
