using System.Text.Json.Nodes;

namespace DevPlatform.PeerBenchmarks.Data;

/// <summary>
/// A made-up organization, the same for the same seed and scale. Scale 1 is 10,000 entities: 100 groups, 500 users, 50 domains, 200 systems,
/// 1,500 APIs, 650 resources, 7,000 components, with owners, systems, dependencies, labels, annotations and tags.
/// </summary>
internal sealed class EntityGenerator
{
    private readonly Random _random;
    private readonly double _scale;
    private readonly List<JsonObject> _entities = [];

    private EntityGenerator(int seed, double scale) => (_random, _scale) = (new Random(seed), scale);

    public static IReadOnlyList<JsonObject> Generate(int seed, double scale)
    {
        var generator = new EntityGenerator(seed, scale);
        generator.Run();
        return generator._entities;
    }

    private void Run()
    {
        var groups = Names(100, i => $"team-{i:000}");
        var users = Names(500, i => $"{Pick(Words.FirstNames)}-{Pick(Words.LastNames)}-{i:0000}");
        var domains = Names(50, i => $"{Words.Subjects[i % Words.Subjects.Length]}-domain-{i:00}");
        var systems = Names(200, i => $"{Words.Subjects[i % Words.Subjects.Length]}-system-{i:000}");
        var apis = Names(1500, i => $"{Pick(Words.Subjects)}-{Pick(Words.Parts)}-api-{i:0000}");
        var resources = Names(650, i => $"{Pick(Words.Subjects)}-{Pick(Words.Stores)}-{i:0000}");
        var components = Names(7000, i => $"{Pick(Words.Subjects)}-{Pick(Words.Parts)}-{i:00000}");

        for (var i = 0; i < groups.Length; i++)
        {
            var spec = new JsonObject { ["type"] = i < 10 ? "department" : "team", ["profile"] = Profile(groups[i]), ["children"] = new JsonArray() };
            if (i >= 10)
            {
                spec["parent"] = groups[i % 10];
            }

            Add("Group", groups[i], $"Team {i:000}", spec);
        }

        foreach (var user in users)
        {
            Add("User", user, Title(user), new JsonObject { ["profile"] = Profile(user), ["memberOf"] = Some(groups, 1, 2) });
        }

        foreach (var domain in domains)
        {
            Add("Domain", domain, Title(domain), new JsonObject { ["owner"] = Owner(groups) });
        }

        foreach (var system in systems)
        {
            Add("System", system, Title(system), new JsonObject { ["owner"] = Owner(groups), ["domain"] = Pick(domains) });
        }

        foreach (var api in apis)
        {
            var type = Pick(Words.ApiTypes);
            Add("API", api, Title(api), new JsonObject
            {
                ["type"] = type,
                ["lifecycle"] = Pick(Words.Lifecycles),
                ["owner"] = Owner(groups),
                ["system"] = Pick(systems),
                ["definition"] = ApiDefinitions.Of(type, api, _random.Next(3, 8)),
            });
        }

        foreach (var resource in resources)
        {
            var spec = new JsonObject { ["type"] = Pick(Words.ResourceTypes), ["owner"] = Owner(groups), ["system"] = Pick(systems) };
            if (Chance(0.2))
            {
                spec["dependsOn"] = new JsonArray($"resource:default/{Pick(resources)}");
            }

            Add("Resource", resource, Title(resource), spec);
        }

        foreach (var component in components)
        {
            Add("Component", component, Title(component), ComponentSpec(component, groups, users, systems, apis, resources, components));
        }
    }

    private JsonObject ComponentSpec(string name, string[] groups, string[] users, string[] systems, string[] apis, string[] resources, string[] components)
    {
        var type = Pick(Words.ComponentTypes);
        var spec = new JsonObject
        {
            ["type"] = type,
            ["lifecycle"] = Pick(Words.Lifecycles),
            ["owner"] = Chance(0.95) ? Owner(groups) : $"user:default/{Pick(users)}",
            ["system"] = Pick(systems),
        };
        if (type == "service" && Chance(0.4))
        {
            spec["providesApis"] = Some(apis, 1, 2);
        }

        if (Chance(0.5))
        {
            spec["consumesApis"] = Some(apis, 1, 3);
        }

        if (Chance(0.6))
        {
            spec["dependsOn"] = new JsonArray([
                .. Some(resources, 0, 2).Select(r => (JsonNode)$"resource:default/{r}"),
                .. Some(components, 0, 2).Select(c => $"component:default/{c}").Where(c => c != $"component:default/{name}").Select(c => (JsonNode)c)]);
        }

        if (Chance(0.05) && Pick(components) is var whole && whole != name)
        {
            spec["subcomponentOf"] = whole;
        }

        return spec;
    }

    private void Add(string kind, string name, string title, JsonObject spec) => _entities.Add(new JsonObject
    {
        ["apiVersion"] = "backstage.io/v1alpha1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["title"] = title,
            ["description"] = $"{title}, made for measuring; its name is {name}.",
            ["labels"] = new JsonObject
            {
                ["tier"] = $"tier-{_random.Next(1, 5)}",
                ["env"] = Pick(Words.Environments),
                ["example.com/cost-center"] = $"cc{_random.Next(60):000}",
            },
            ["annotations"] = new JsonObject
            {
                ["example.com/repo"] = $"https://git.example.com/org/{name}",
                ["example.com/oncall"] = $"oncall-{_random.Next(80):00}",
                ["example.com/slack"] = $"#{name.Split('-')[0]}",
            },
            ["tags"] = new JsonArray([.. Some(Words.Tags, 3, 5).Select(tag => tag!.GetValue<string>()).Order(StringComparer.Ordinal).Select(tag => (JsonNode)tag)]),
        },
        ["spec"] = spec,
    });

    private string[] Names(int count, Func<int, string> name) => [.. Enumerable.Range(0, (int)Math.Round(count * _scale)).Select(name)];

    private static JsonObject Profile(string name) => new() { ["displayName"] = Title(name), ["email"] = $"{name}@example.com" };

    private static string Title(string name) => string.Join(' ', name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private string Owner(string[] groups) => $"group:default/{Pick(groups)}";

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private JsonArray Some(string[] from, int least, int most) =>
        new([.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => Pick(from)).Distinct().Select(value => (JsonNode)value)]);
}
