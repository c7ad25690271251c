using System.Reflection;
using DevPlatform.Shared.Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace DevPlatform.Integrations;

/// <summary>The Integrations module: the platform's tools: adapters, tool library, deep links.</summary>
public static class IntegrationsModule
{
    /// <summary>Adds the module's services, storage and message handlers.</summary>
    public static IHostApplicationBuilder AddIntegrations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddModuleMessages(Assembly.GetExecutingAssembly());
        return builder;
    }

    /// <summary>Maps the module's endpoints.</summary>
    public static IEndpointRouteBuilder MapIntegrations(this IEndpointRouteBuilder routes) => routes;
}
