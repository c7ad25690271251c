using DevPlatform.MockTools.Keycloak.Protocol;
using DevPlatform.MockTools.Keycloak.Realms;

namespace DevPlatform.MockTools.Keycloak.Admin;

/// <summary>The part of Keycloak's admin REST API (<c>/admin/realms/{realm}</c>) that an organization sync and its tests need.</summary>
internal static class AdminEndpoints
{
    public static void Map(WebApplication app)
    {
        const string root = "/admin/realms/{realm}";
        app.MapGet($"{root}/users",
            (HttpContext http, string? search, string? username, string? email, bool? exact, bool? enabled, int? first, int? max) =>
            Page(http.GetRealm().Users.Where(u => Matches(u, search, username, email, exact == true)
                && (enabled is null || u.Enabled == enabled)), first, max).Select(User))
            .RequireRealmRole("view-users", "manage-users");
        app.MapGet($"{root}/users/count", (HttpContext http) => http.GetRealm().Users.Count()).RequireRealmRole("view-users", "manage-users");
        app.MapGet($"{root}/users/{{id}}", (HttpContext http, string id) => WithUser(http, id, u => Results.Json(User(u))))
            .RequireRealmRole("view-users", "manage-users");
        app.MapGet($"{root}/users/{{id}}/groups",
            (HttpContext http, string id, int? first, int? max) =>
            WithUser(http, id, u => Results.Json(Page(http.GetRealm().GroupsOf(u), first, max).Select(g => Group(http.GetRealm(), g)))))
            .RequireRealmRole("view-users", "manage-users");
        app.MapGet($"{root}/users/{{id}}/role-mappings",
            (HttpContext http, string id) => WithUser(http, id, u => Results.Json(RoleMappings(http.GetRealm(), u))))
            .RequireRealmRole("view-users", "manage-users");
        app.MapGet($"{root}/users/{{id}}/sessions",
            (HttpContext http, string id) => WithUser(http, id, u => Results.Json(http.GetRealm().Sessions.Of(u).Select(s => new
            {
                id = s.Id,
                username = u.Username,
                userId = u.Id,
                start = s.Started.ToUnixTimeMilliseconds(),
                lastAccess = s.LastAccess.ToUnixTimeMilliseconds(),
                clients = s.Clients.Keys,
            })))).RequireRealmRole("view-users", "manage-users");
        app.MapGet($"{root}/groups", (HttpContext http, string? search, int? first, int? max) =>
            Page(http.GetRealm().Groups.Where(g => search is null ? g.ParentId is null
                : g.Name.Contains(search, StringComparison.OrdinalIgnoreCase)), first, max).Select(g => Group(http.GetRealm(), g)))
            .RequireRealmRole("query-groups", "view-users", "manage-users");
        app.MapGet($"{root}/groups/count", (HttpContext http) => new { count = http.GetRealm().Groups.Count })
            .RequireRealmRole("query-groups", "view-users", "manage-users");
        app.MapGet($"{root}/groups/{{id}}",
            (HttpContext http, string id) => WithGroup(http, id, g => Results.Json(Group(http.GetRealm(), g))))
            .RequireRealmRole("view-users", "manage-users");
        app.MapGet($"{root}/groups/{{id}}/children", (HttpContext http, string id, int? first, int? max) =>
            WithGroup(http, id, g =>
                Results.Json(Page(http.GetRealm().Groups.Where(c => c.ParentId == g.Id), first, max)
                .Select(c => Group(http.GetRealm(), c))))).RequireRealmRole("view-users", "manage-users");
        app.MapGet($"{root}/groups/{{id}}/members", (HttpContext http, string id, int? first, int? max) =>
            WithGroup(http, id, g =>
                Results.Json(Page(http.GetRealm().Users.Where(u => u.Representation.Groups.Contains(g.Path)), first, max).Select(User))))
                .RequireRealmRole("view-users", "manage-users");
        app.MapGet($"{root}/roles",
            (HttpContext http) => http.GetRealm().Representation.Roles.Realm
                .Select(r => new { name = r.Name, description = r.Description, composite = false, clientRole = false }))
            .RequireRealmRole("view-realm", "manage-realm");
        app.MapGet($"{root}/clients", (HttpContext http, string? clientId) => http.GetRealm().Clients.Where(c => clientId is null || c.Id == clientId)
            .Select(c => new { id = c.Uuid, clientId = c.Id, enabled = c.Representation.Enabled, publicClient = c.Representation.PublicClient }))
            .RequireRealmRole("view-clients", "manage-clients");
        app.MapPost($"{root}/users", Create).RequireRealmRole("manage-users");
        app.MapPut($"{root}/users/{{id}}", Update).RequireRealmRole("manage-users");
        app.MapDelete($"{root}/users/{{id}}",
            (HttpContext http, string id) => WithUser(http, id, u => http.GetRealm().Remove(u) ? Results.NoContent() : Results.NotFound()))
            .RequireRealmRole("manage-users");
        app.MapPost($"{root}/users/{{id}}/logout", LogoutUserAsync).RequireRealmRole("manage-users");
    }

    private static IResult Create(HttpContext http, UserRepresentation user)
    {
        var created = new RealmUser(user with { Id = Guid.NewGuid().ToString() });
        return http.GetRealm().Add(created)
            ? Results.Created($"{http.Request.Scheme}://{http.Request.Host}/admin/realms/{http.GetRealm().Name}/users/{created.Id}", null)
            : Results.Json(new { errorMessage = "User exists with same username" }, statusCode: 409);
    }

    /// <summary>Members that are absent stay as they are, as in Keycloak.</summary>
    private static IResult Update(HttpContext http, string id, UserChange change) => WithUser(http, id, user =>
    {
        var now = user.Representation;
        user.Representation = now with
        {
            Enabled = change.Enabled ?? now.Enabled,
            Email = change.Email ?? now.Email,
            FirstName = change.FirstName ?? now.FirstName,
            LastName = change.LastName ?? now.LastName,
            Attributes = change.Attributes ?? now.Attributes,
            Groups = change.Groups ?? now.Groups,
        };
        return Results.NoContent();
    });

    private static async Task<IResult> LogoutUserAsync(HttpContext http, string id, Logout logout)
    {
        var realm = http.GetRealm();
        if (realm.FindUser(id) is not { } user)
        {
            return NotFound("User not found");
        }

        foreach (var session in realm.Sessions.Of(user).ToArray())
        {
            await logout.EndAsync(realm, http.GetIssuer(realm), session);
        }

        return Results.NoContent();
    }

    private static bool Matches(RealmUser user, string? search, string? username, string? email, bool exact)
    {
        bool Hit(string? wanted, string? value) => wanted is null
            || (value is not null && (exact ? string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase)
            : value.Contains(wanted.Trim('*'), StringComparison.OrdinalIgnoreCase)));
        var r = user.Representation;
        return Hit(username, r.Username) && Hit(email, r.Email)
            && (search is null || new[] { r.Username, r.Email, r.FirstName, r.LastName }
                .Any(v => v?.Contains(search.Trim('*'), StringComparison.OrdinalIgnoreCase) == true));
    }

    private static IEnumerable<T> Page<T>(IEnumerable<T> all, int? first, int? max) => all.Skip(Math.Max(first ?? 0, 0))
        .Take(max is null or < 0 ? 100 : max.Value);

    private static object User(RealmUser user) => new
    {
        id = user.Id,
        username = user.Username,
        firstName = user.Representation.FirstName,
        lastName = user.Representation.LastName,
        email = user.Representation.Email,
        emailVerified = user.Representation.EmailVerified,
        attributes = user.Representation.Attributes,
        enabled = user.Enabled,
        totp = false,
        disableableCredentialTypes = Array.Empty<string>(),
        requiredActions = Array.Empty<string>(),
        notBefore = 0,
    };

    /// <summary>Since Keycloak 23 sub-groups are counted here and listed by <c>/children</c>.</summary>
    private static object Group(Realm realm, RealmGroup group) => new
    {
        id = group.Id,
        name = group.Name,
        path = group.Path,
        parentId = group.ParentId,
        subGroupCount = realm.Groups.Count(g => g.ParentId == group.Id),
        subGroups = Array.Empty<object>(),
        attributes = group.Representation.Attributes,
        realmRoles = group.Representation.RealmRoles,
        clientRoles = new Dictionary<string, string[]>(),
    };

    private static object RoleMappings(Realm realm, RealmUser user) => new
    {
        realmMappings = user.Representation.RealmRoles.Select(r => new { name = r, composite = false, clientRole = false, containerId = realm.Name }),
        clientMappings = user.Representation.ClientRoles.ToDictionary(c => c.Key,
            c => new { client = c.Key, mappings = c.Value.Select(r => new { name = r, clientRole = true }) }),
    };

    private static IResult WithUser(HttpContext http, string id, Func<RealmUser, IResult> answer) =>
        http.GetRealm().FindUser(id) is { } user ? answer(user) : NotFound("User not found");

    private static IResult WithGroup(HttpContext http, string id, Func<RealmGroup, IResult> answer) =>
        http.GetRealm().Groups.FirstOrDefault(g => g.Id == id) is { } group ? answer(group) : NotFound("Could not find group by id");

    private static IResult NotFound(string message) => Results.Json(new { error = message }, statusCode: 404);

    private sealed record UserChange(bool? Enabled, string? Email, string? FirstName, string? LastName,
        Dictionary<string, string[]>? Attributes, string[]? Groups);
}
