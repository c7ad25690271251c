using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Shared.Permissions;

/// <summary>What an endpoint says about who may call it; start-up fails for an <c>/api</c> endpoint that says nothing (INV-14).</summary>
/// <param name="Permission">The permission checked before the endpoint runs; null where being signed in is enough, or nothing is needed.</param>
/// <param name="Reason">Why no permission is needed, where none is.</param>
public sealed record EndpointPermission(Permission? Permission, string? Reason = null);

/// <summary>How endpoints declare their permission.</summary>
public static class RequirePermissionExtensions
{
    /// <summary>
    /// The caller needs <paramref name="permission"/>; a denial is a 403 with the reason and an audit event. A conditional answer lets the
    /// endpoint run: it must apply <see cref="GetDecision"/>'s conditions to what it reads or changes.
    /// </summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, Permission permission)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.RequireAuthorization();
        builder.WithMetadata(new EndpointPermission(permission));
        // Around the endpoint rather than as a filter within it: who may not is refused before the body is read, and nothing is boxed for a filter.
        builder.Finally(endpoint =>
        {
            var run = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} has nothing to guard.");
            endpoint.RequestDelegate = http => CheckAsync(http, permission, run);
        });
        return builder;
    }

    /// <summary>Every signed-in caller may; <paramref name="reason"/> says why that is right.</summary>
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder builder, string reason)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.RequireAuthorization();
        builder.WithMetadata(new EndpointPermission(null, reason));
        return builder;
    }

    /// <summary>Nobody needs to be signed in; <paramref name="reason"/> says why that is right.</summary>
    public static TBuilder AllowAnonymous<TBuilder>(this TBuilder builder, string reason)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new AllowAnonymousAttribute(), new EndpointPermission(null, reason));
        return builder;
    }

    /// <summary>The decision that let this request in (allow or conditional).</summary>
    public static PermissionDecision GetDecision(this HttpContext context) =>
        context.Features.Get<PermissionDecision>() ?? throw new InvalidOperationException("The endpoint declares no permission.");

    /// <summary>
    /// Checks a permission on a known resource inside an endpoint: returns when allowed, else records the denial and throws 403.
    /// </summary>
    public static async Task AuthorizeAsync(this HttpContext context, Permission permission, PermissionResource resource)
    {
        var caller = Caller.Of(context);
        var decision = context.RequestServices.GetRequiredService<IPermissionEvaluator>().Evaluate(caller, permission, resource);
        if (!decision.IsAllowed)
        {
            await context.DenyAsync(caller, permission, resource.ResourceRef, decision);
        }
    }

    private static Task CheckAsync(HttpContext http, Permission permission, RequestDelegate run)
    {
        var caller = Caller.Of(http);
        var decision = http.RequestServices.GetRequiredService<IPermissionEvaluator>().Evaluate(caller, permission);
        if (decision.Result == PermissionResult.Deny)
        {
            return http.DenyAsync(caller, permission, null, decision);
        }

        http.Features.Set(decision);
        return run(http);
    }

    private static async Task DenyAsync(
        this HttpContext context, Caller caller, Permission permission, string? resourceRef, PermissionDecision decision)
    {
        await context.RequestServices.GetRequiredService<IAuditTrail>().RecordAsync(
            caller.ToActor(), "permission.denied", resourceRef ?? permission.Name, AuditResult.Denied, $"{permission.Name}: {decision.Reason}");
        throw new NotAllowedException($"{permission.Name} is not allowed: {decision.Reason}");
    }
}
