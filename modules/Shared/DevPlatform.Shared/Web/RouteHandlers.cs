using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

// This namespace encloses every module's, so that these are found before ASP.NET Core's methods of the same names.
namespace DevPlatform;

/// <summary>
/// <c>MapGet</c> and its kin as ASP.NET Core has them, except that the code which binds a handler's parameters and writes its answer is made
/// when the first request comes, not for all endpoints before the first one: that was a third of the time to start.
/// </summary>
/// <remarks>Metadata are read at start as ever, so a handler whose parameters cannot be bound still stops the start.</remarks>
public static class RouteHandlers
{
    /// <summary>Maps GET requests.</summary>
    public static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) =>
        endpoints.Map(pattern, handler, HttpMethods.Get);

    /// <summary>Maps POST requests.</summary>
    public static RouteHandlerBuilder MapPost(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) =>
        endpoints.Map(pattern, handler, HttpMethods.Post);

    /// <summary>Maps PUT requests.</summary>
    public static RouteHandlerBuilder MapPut(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) =>
        endpoints.Map(pattern, handler, HttpMethods.Put);

    /// <summary>Maps PATCH requests.</summary>
    public static RouteHandlerBuilder MapPatch(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) =>
        endpoints.Map(pattern, handler, HttpMethods.Patch);

    /// <summary>Maps DELETE requests.</summary>
    public static RouteHandlerBuilder MapDelete(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Delegate handler) =>
        endpoints.Map(pattern, handler, HttpMethods.Delete);

    private static RouteHandlerBuilder Map(this IEndpointRouteBuilder endpoints, string pattern, Delegate handler, string method) =>
        RouteHandlerServices.Map(endpoints, pattern, handler, [method], RequestDelegateFactory.InferMetadata, CreateLazily);

    private static RequestDelegateResult CreateLazily(Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? metadata)
    {
        var made = new Lazy<RequestDelegate>(() => RequestDelegateFactory.Create(handler, options, metadata).RequestDelegate);
        return new RequestDelegateResult(context => made.Value(context), metadata?.EndpointMetadata ?? []);
    }
}
