using System.Reflection;
using DevPlatform.Shared.Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace DevPlatform.Scaffolder;

/// <summary>The Scaffolder module: golden paths and self-service: templates, tasks, actions, GitOps, guardrails.</summary>
public static class ScaffolderModule
{
    /// <summary>Adds the module's services, storage and message handlers.</summary>
    public static IHostApplicationBuilder AddScaffolder(this IHostApplicationBuilder builder)
    {
        builder.Services.AddModuleMessages(Assembly.GetExecutingAssembly());
        return builder;
    }

    /// <summary>Maps the module's endpoints.</summary>
    public static IEndpointRouteBuilder MapScaffolder(this IEndpointRouteBuilder routes) => routes;
}
