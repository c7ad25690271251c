using System.Reflection;
using DevPlatform.Access.Approvals;
using DevPlatform.Access.Credentials;
using DevPlatform.Access.Data;
using DevPlatform.Access.Policy;
using DevPlatform.Access.Requests;
using DevPlatform.Access.Teleport;
using DevPlatform.Access.Vault;
using DevPlatform.Shared.Configuration;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access;

/// <summary>The Access module: approvals and just-in-time access.</summary>
public static class AccessModule
{
    /// <summary>Adds the module's services, storage and message handlers.</summary>
    public static IHostApplicationBuilder AddAccess(this IHostApplicationBuilder builder)
    {
        builder.AddModuleDbContext<AccessDbContext>(AccessDbContext.Schema);
        builder.Services.AddModuleMessages(
            Assembly.GetExecutingAssembly(),
            // Expiry has to come within five seconds of its time, which is Wolverine's default for looking alone.
            options => options.Durability.ScheduledJobPollingTime = TimeSpan.FromSeconds(2.5));
        AddRequests(builder);
        AddTeleport(builder);
        AddVault(builder);
        return builder;
    }

    /// <summary>Maps the module's endpoints.</summary>
    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/access").WithTags("Access");
        RequestAccessEndpoint.Map(group);
        ListAccessOptionsEndpoint.Map(group);
        ListRequestsEndpoints.Map(group);
        ChangeRequestEndpoints.Map(group);
        ExtendAccessEndpoint.Map(group);
        IssueCredentialEndpoint.Map(group);
        ListApprovalsEndpoints.Map(group);
        ReviewApprovalEndpoints.Map(group);
        return routes;
    }

    private static void AddRequests(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddModuleOptions<AccessOptions>(AccessOptions.Section);
        services.AddSingleton<IPostConfigureOptions<AccessOptions>, AccessOptionsSetup>();
        services.AddSingleton<AccessMetrics>().AddSingleton<AccessTransaction>().AddSingleton<AccessTransitions>();
        services.AddSingleton<AccessPolicy>().AddSingleton<AccessTargetReader>();
        services.AddSingleton<ApprovalDesk>().AddSingleton<ApproverDirectory>().AddSingleton<Reviewer>();
        services.AddScoped<ApprovalViews>().AddScoped<AccessViews>();
        services.AddHostedService<AccessSweep>();
    }

    private static void AddTeleport(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddModuleOptions<TeleportOptions>(TeleportOptions.Section)
            .PostConfigure<IConfiguration>((options, configuration) => options.Address ??= configuration["services:teleport:https:0"]);
        services.AddSingleton<TeleportChannel>().AddSingleton<TeleportClient>();
        services.AddSingleton<ITeleportSync, TeleportSync>();
        services.AddHostedService<TeleportWatch>();
    }

    private static void AddVault(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddModuleOptions<VaultOptions>(VaultOptions.Section)
            .PostConfigure<IConfiguration>((options, configuration) => options.Address ??= configuration["services:vault:http:0"]);
#pragma warning disable EXTEXP0001 // The one way out of the platform's automatic retries: asking Vault twice for a credential makes two.
        services.AddHttpClient(VaultTransport.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        services.AddSingleton<VaultTransport>().AddSingleton<VaultToken>().AddSingleton<VaultClient>().AddSingleton<VaultCredentials>();
        services.AddHostedService(provider => provider.GetRequiredService<VaultToken>());
        services.AddSingleton<CredentialIssuer>().AddSingleton<ILeaseSync, LeaseSync>();
    }
}
