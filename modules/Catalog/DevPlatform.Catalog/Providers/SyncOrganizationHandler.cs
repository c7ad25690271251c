using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Storage;

namespace DevPlatform.Catalog.Providers;

/// <summary>Handles <see cref="SyncOrganization"/>.</summary>
public static class SyncOrganizationHandler
{
    public static Task HandleAsync(SyncOrganization organization, ProvidedEntities entities, CancellationToken cancellationToken) => entities.SetAsync(
        RootKind.Organization, organization.Source,
        [.. organization.Groups.Select(group => Group(group, organization.Source)), .. organization.Users.Select(user => User(user, organization.Source))], cancellationToken);

    private static JsonObject Group(OrganizationGroup group, string source)
    {
        var spec = new JsonObject { ["type"] = group.Type, ["profile"] = Profile(group.DisplayName, null), ["children"] = new JsonArray() };
        if (group.Parent is not null)
        {
            spec["parent"] = group.Parent;
        }

        return Entity("Group", group.Name, group.Id, source, spec);
    }

    private static JsonObject User(OrganizationUser user, string source) => Entity("User", user.Name, user.Id, source, new JsonObject
    {
        ["profile"] = Profile(user.DisplayName, user.Email),
        ["memberOf"] = new JsonArray([.. user.Groups.Select(group => (JsonNode?)JsonValue.Create(group))]),
    });

    private static JsonObject Profile(string? displayName, string? email)
    {
        var profile = new JsonObject();
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("displayName", displayName), ("email", email)])
        {
            if (!string.IsNullOrEmpty(value))
            {
                profile[name] = value;
            }
        }

        return profile;
    }

    private static JsonObject Entity(string kind, string name, string? id, string source, JsonObject spec)
    {
        var annotations = new JsonObject { ["keycloak.org/realm"] = source };
        if (id is not null)
        {
            annotations["keycloak.org/id"] = id;
        }

        return new JsonObject
        {
            ["apiVersion"] = "backstage.io/v1alpha1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = annotations },
            ["spec"] = spec,
        };
    }
}
