using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Tests.Support;

namespace DevPlatform.MockTools.Tests.Seed;

/// <summary>The example organization hangs together: what it names exists.</summary>
public sealed class SeedContentTests
{
    private static readonly string Root = RepositoryFiles.Path("seed");

    private static readonly (string File, JsonObject Entity)[] Entities =
    [
        .. Directory.EnumerateFiles(Root, "*.yaml", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/skeleton/") && !f.Contains("/platform/templates/shared/") && !f.Contains("/api/") && !f.Contains("/deploy/") && !f.Contains("/gitops/applications/") && !f.EndsWith("openapi.yaml"))
            .SelectMany(f => YamlDocuments.Parse(File.ReadAllText(f)).OfType<JsonObject>().Select(e => (f, e))),
    ];

    public static TheoryData<string, string> References => new()
    {
        { "owner", "group" }, { "system", "system" }, { "domain", "domain" }, { "parent", "group" }, { "children", "group" },
        { "providesApis", "api" }, { "consumesApis", "api" }, { "dependsOn", "" },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void Every_reference_leads_to_an_entity(string field, string kind)
    {
        var known = Entities.Select(e => $"{e.Entity.Text("kind")}:{e.Entity.Text("metadata", "name")}".ToLowerInvariant()).ToHashSet();
        var named = Entities.SelectMany(e => e.Entity.At("spec", field) switch
        {
            JsonArray list => list.Select(r => r!.GetValue<string>()),
            JsonValue single => [single.GetValue<string>()],
            _ => [],
        }).Select(r => r.Contains(':') ? r.Replace("default/", "") : $"{kind}:{r}").ToArray();

        named.ShouldNotBeEmpty();
        named.Where(r => !known.Contains(r)).ShouldBeEmpty();
    }

    [Fact]
    public void Everything_but_people_groups_and_locations_has_an_owner() =>
        Entities.Where(e => e.Entity.Text("kind") is not ("User" or "Group" or "Location") && e.Entity.Text("spec", "owner") is null).Select(e => e.File).ShouldBeEmpty();

    [Fact]
    public void Every_component_has_docs_and_every_definition_and_location_a_file()
    {
        foreach (var (file, entity) in Entities)
        {
            var folder = Path.GetDirectoryName(file)!;
            if (entity.Text("kind") == "Component")
            {
                File.Exists(Path.Combine(folder, "mkdocs.yml")).ShouldBeTrue(file);
                File.Exists(Path.Combine(folder, "docs", "index.md")).ShouldBeTrue(file);
            }

            if (entity.Text("spec", "definition", "$text") is { } definition)
            {
                File.Exists(Path.Combine(folder, definition)).ShouldBeTrue($"{file}: {definition}");
            }

            foreach (var target in (entity.At("spec", "targets") as JsonArray ?? []).Select(t => t!.GetValue<string>()))
            {
                var path = target.StartsWith("__GIT_BASE_URL__/") ? Path.Combine(Root, target["__GIT_BASE_URL__/".Length..].Replace("/src/branch/main", "")) : Path.Combine(folder, target);
                File.Exists(path).ShouldBeTrue($"{file}: {target}");
            }
        }
    }

    [Fact]
    public void Every_team_of_the_realms_accounts_is_a_group()
    {
        var realm = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Path("deploy/keycloak/realm-platform.json")))!;
        var groups = Entities.Where(e => e.Entity.Text("kind") == "Group").Select(e => e.Entity.Text("metadata", "name")).ToHashSet();
        var teams = realm.Objects("users").SelectMany(account => account.At("attributes", "teams") as JsonArray ?? []).Select(team => team!.GetValue<string>()).ToList();
        teams.ShouldNotBeEmpty();
        teams.Where(team => !groups.Contains(team)).ShouldBeEmpty();
    }
}
