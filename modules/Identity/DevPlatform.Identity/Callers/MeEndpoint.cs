using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Identity.Callers;

/// <summary>The caller as we see them.</summary>
/// <param name="UserEntityRef">Entity ref of the user.</param>
/// <param name="Username">Keycloak's user name.</param>
/// <param name="Name">Display name.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="OwnershipEntityRefs">Refs that own what the caller owns.</param>
/// <param name="Roles">What each Keycloak role is worth under its Azure AD ceiling.</param>
/// <param name="Groups">Azure AD groups.</param>
/// <param name="GroupsProblem">Why the groups may be incomplete, or null.</param>
/// <param name="Teams">Teams.</param>
/// <param name="ExpiresAt">When the access token ends.</param>
internal sealed record Me(
    string UserEntityRef,
    string Username,
    string? Name,
    string? Email,
    IReadOnlyList<string> OwnershipEntityRefs,
    IReadOnlyList<RoleStanding> Roles,
    IReadOnlyList<string> Groups,
    string? GroupsProblem,
    IReadOnlyList<string> Teams,
    DateTimeOffset ExpiresAt);

/// <summary>One Keycloak role.</summary>
/// <param name="Name">The role.</param>
/// <param name="Effective">False when the ceiling takes it away.</param>
internal sealed record RoleStanding(string Name, bool Effective);

/// <summary><c>GET /api/identity/me</c>.</summary>
internal static class MeEndpoint
{
    public static void Map(IEndpointRouteBuilder identity) => identity.MapGet("/me", Get)
        .RequireSignIn("it tells callers only about themselves")
        .WithSummary("The caller: refs, roles with their ceiling, groups and teams");

    private static Ok<Me> Get(Caller caller, IPermissionEvaluator permissions)
    {
        var effective = permissions.EffectiveRoles(caller);
        return TypedResults.Ok(new Me(
            caller.UserRef, caller.Username, caller.Name, caller.Email, caller.OwnershipRefs,
            [.. caller.Roles.Order().Select(role => new RoleStanding(role, effective.Contains(role)))],
            [.. caller.Groups.Order()], caller.GroupsProblem, caller.Teams, caller.ExpiresAt));
    }
}
