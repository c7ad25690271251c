using System.Reflection;
using DevPlatform.Integrations.Adapters;
using DevPlatform.Integrations.ArgoCd;
using DevPlatform.Integrations.Data;
using DevPlatform.Integrations.Kubernetes;
using DevPlatform.Integrations.Notifications;
using DevPlatform.Integrations.Tools;
using DevPlatform.Integrations.Webhooks;
using DevPlatform.Shared.Clusters;
using DevPlatform.Shared.Configuration;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations;

/// <summary>The Integrations module: the platform's tools (RFC §11, §13): adapters, tool library, deep links, and notifications.</summary>
public static class IntegrationsModule
{
    /// <summary>Adds the module's services, storage and message handlers.</summary>
    public static IHostApplicationBuilder AddIntegrations(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddModuleMessages(Assembly.GetExecutingAssembly());
        builder.AddModuleDbContext<IntegrationsDbContext>(IntegrationsDbContext.Schema);
        services.AddSingleton<StaleWhileError>();
        services.AddScoped<EntityLookup>();
        services.AddScoped<Inbox>();

        services.AddOptions<ToolLibraryOptions>().BindConfiguration("Tools").ValidateOnStart();
        services.AddSingleton<ToolLibrarySetup>();
        services.AddSingleton<IPostConfigureOptions<ToolLibraryOptions>>(s => s.GetRequiredService<ToolLibrarySetup>());
        services.AddSingleton<IValidateOptions<ToolLibraryOptions>>(s => s.GetRequiredService<ToolLibrarySetup>());
        services.AddHttpClient(ToolHealthMonitor.HttpClientName);
        services.AddSingleton(s => new ToolHealthMonitor(
            () => Probes(s.GetRequiredService<IOptionsMonitor<ToolLibraryOptions>>().CurrentValue),
            s.GetRequiredService<IHttpClientFactory>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<ToolHealthMonitor>>()));
        services.AddHostedService(s => s.GetRequiredService<ToolHealthMonitor>());

        services.AddModuleOptions<WebhookOptions>(WebhookOptions.Section);
        builder.AddAdapter<ArgoCdClient, ArgoCdOptions>(
            "argocd", "Argo CD", "ArgoCd", AdapterCredential.ServiceAccount, healthPath: "api/version");

        services.AddKubernetesClusters();
        services.AddModuleOptions<KubernetesReadOptions>(KubernetesOptions.Section).ValidateDataAnnotations();
        services.AddSingleton<ClusterReaders>();
        services.AddSingleton<WorkloadReader>();
        services.AddScoped<EntityPods>();
        return builder;
    }

    /// <summary>Maps the module's endpoints.</summary>
    public static IEndpointRouteBuilder MapIntegrations(this IEndpointRouteBuilder routes)
    {
        routes.MapArgoCd();
        routes.MapKubernetes();
        routes.MapTools();
        routes.MapIntegrationHealth();
        routes.MapWebhooks();
        routes.MapNotifications();
        routes.MapSendNotification();
        return routes;
    }

    private static IEnumerable<ToolProbe> Probes(ToolLibraryOptions library) =>
        from tool in library.Library
        where tool.Url is not null && tool.HealthPath is not null
        select new ToolProbe(tool.Id, new Uri(tool.Url!, tool.HealthPath));
}
