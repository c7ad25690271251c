using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Shared.Identity;

/// <summary>
/// Who is calling, as the validated token says (spec: identity; RFC §8.2). Endpoints take it as a parameter; the Identity module puts it on
/// the request. Everything here comes from claims, nothing from a database (INV-3).
/// </summary>
public sealed record Caller
{
    /// <summary>The token's <c>sub</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The token's <c>preferred_username</c>.</summary>
    public required string Username { get; init; }

    /// <summary><c>user:default/&lt;username&gt;</c>.</summary>
    public required string UserRef { get; init; }

    /// <summary>Refs that own what the caller owns: the user and the groups and teams, lower case.</summary>
    public required IReadOnlyList<string> OwnershipRefs { get; init; }

    /// <summary>
    /// Keycloak roles: realm roles and those of the portal's client, as the token has them. What they are worth under the ceiling is
    /// <c>IPermissionEvaluator.EffectiveRoles</c>.
    /// </summary>
    public required IReadOnlySet<string> Roles { get; init; }

    /// <summary>Azure AD groups (claim <c>groups</c>), which cap what roles grant: full paths without the leading slash.</summary>
    public required IReadOnlySet<string> Groups { get; init; }

    /// <summary>Why <see cref="Groups"/> cannot be relied on to be complete (claim missing, or left out for its size); null when it can.</summary>
    public string? GroupsProblem { get; init; }

    /// <summary>Teams (claim <c>teams</c>).</summary>
    public IReadOnlyList<string> Teams { get; init; } = [];

    /// <summary>Display name.</summary>
    public string? Name { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The Keycloak session (<c>sid</c>); null for service accounts.</summary>
    public string? SessionId { get; init; }

    /// <summary>When the access token was issued.</summary>
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the access token ends.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The caller as messages carry it.</summary>
    public Actor ToActor() => new(UserRef, Name, Email, Subject, SessionId);

    /// <summary>Who makes this request.</summary>
    /// <exception cref="AuthenticationException">The request carries no valid token.</exception>
    public static Caller Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>() ?? throw new AuthenticationException("Missing credentials");
    }

    /// <summary>Lets endpoints take a <see cref="Caller"/> parameter.</summary>
    /// <exception cref="AuthenticationException">The request carries no valid token.</exception>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));
}
