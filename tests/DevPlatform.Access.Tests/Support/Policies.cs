using DevPlatform.Access.Policy;
using DevPlatform.Catalog.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Tests.Support;

/// <summary>The policy with the shipped defaults, or with others.</summary>
internal static class Policies
{
    public static AccessPolicy Default() => With(_ => { });

    public static AccessPolicy With(Action<AccessOptions> configure) => new(Options(configure));

    public static AccessTargetReader Reader(string trusted) => new(Options(o => o.TrustedSources.Add(trusted)));

    private static IOptionsMonitor<AccessOptions> Options(Action<AccessOptions> configure) =>
        new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<IPostConfigureOptions<AccessOptions>, AccessOptionsSetup>()
            .Configure(configure)
            .BuildServiceProvider().GetRequiredService<IOptionsMonitor<AccessOptions>>();
}

internal static class Targets
{
    public static AccessTarget Of(string target, string environment) =>
        new("resource:default/x", target, environment, ["group:default/team-orders"], "db/x", "x");
}

/// <summary>Entities as the catalog answers with them.</summary>
internal static class Entities
{
    public const string TrustedSource = "http://git.example/platform/gitops";

    public static EntityDocument Database(
        string name, string environment, string type = "database", Action<Dictionary<string, string>>? change = null, object? status = null)
    {
        var annotations = new Dictionary<string, string>
        {
            ["backstage.io/managed-by-location"] = $"url:{TrustedSource}/src/branch/main/claims/default/{name}/catalog-info.yaml",
            [AccessTargetReader.EnvironmentKey] = environment,
            [AccessTargetReader.VaultRoleKey] = $"default-{name}",
        };
        change?.Invoke(annotations);
        var json = System.Text.Json.JsonSerializer.Serialize(new
        {
            apiVersion = "backstage.io/v1alpha1",
            kind = "Resource",
            metadata = new { name, @namespace = "default", annotations },
            spec = new { type, owner = "group:default/team-orders" },
            status,
        });
        return new EntityDocument($"resource:default/{name}", true, json, ["group:default/team-orders"], "Ready");
    }
}
