using System.Reflection;
using DevPlatform.Shared.Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace DevPlatform.Access;

/// <summary>The Access module: approvals and just-in-time access.</summary>
public static class AccessModule
{
    /// <summary>Adds the module's services, storage and message handlers.</summary>
    public static IHostApplicationBuilder AddAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.AddModuleMessages(Assembly.GetExecutingAssembly());
        return builder;
    }

    /// <summary>Maps the module's endpoints.</summary>
    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes) => routes;
}
