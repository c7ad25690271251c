using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Tokens;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Identity.Organization;

/// <summary>
/// Reads the organization as Keycloak has it, named as tokens name it: a group's entity is the one that its members' tokens make them owners of.
/// </summary>
internal sealed class OrganizationReader(KeycloakAdmin keycloak, IOptions<IdentityOptions> identity, IOptions<OrganizationOptions> options)
{
    /// <exception cref="ServiceUnavailableException">Keycloak does not answer in full; what is known of the organization stays.</exception>
    public async Task<SyncOrganization> ReadAsync(CancellationToken cancellationToken)
    {
        var session = await keycloak.SignInAsync(cancellationToken);
        var groups = new Dictionary<string, OrganizationGroup>(StringComparer.Ordinal);
        var memberships = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        await foreach (var group in session.GroupsAsync(cancellationToken))
        {
            var name = NameOf(group.Path);
            groups.TryAdd(name, new OrganizationGroup(name, "group", group.Name, ParentOf(group.Path), group.Id));
            await foreach (var member in session.MembersAsync(group, cancellationToken))
            {
                Memberships(member.Id).Add(name);
            }
        }

        var users = new List<OrganizationUser>();
        await foreach (var user in session.UsersAsync(cancellationToken))
        {
            if (!user.Enabled)
            {
                continue;
            }

            foreach (var team in user.Attributes?.GetValueOrDefault(options.Value.TeamsAttribute) ?? [])
            {
                var name = NameOf(team);
                groups[name] = groups.TryGetValue(name, out var known) ? known with { Type = "team" } : new OrganizationGroup(name, "team");
                Memberships(user.Id).Add(name);
            }

            users.Add(new OrganizationUser(
                ClaimsReader.EntityName(user.Username), [.. Memberships(user.Id).Order(StringComparer.Ordinal)],
                string.Join(' ', new[] { user.FirstName, user.LastName }.Where(part => !string.IsNullOrWhiteSpace(part))), user.Email, user.Id));
        }

        // A realm that shows nobody is one whose permissions were taken away, not one that everybody left.
        return users.Count > 0
            ? new SyncOrganization(identity.Value.Realm, [.. groups.Values], users)
            : throw new ServiceUnavailableException($"Realm {identity.Value.Realm} shows no users to {options.Value.ClientId}");

        HashSet<string> Memberships(string user) => memberships.TryGetValue(user, out var names) ? names : memberships[user] = new HashSet<string>(StringComparer.Ordinal);
    }

    private string NameOf(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return ClaimsReader.EntityName(identity.Value.GroupNames == GroupNames.Leaf ? parts[^1] : string.Join('-', parts));
    }

    private string? ParentOf(string path) => path.Trim('/') is var trimmed && trimmed.LastIndexOf('/') is > 0 and var slash ? NameOf(trimmed[..slash]) : null;
}
