using DevPlatform.AppHost.Embedded;

namespace DevPlatform.AppHost.Tests;

/// <summary>The topology that Program.cs describes, looked at without starting it.</summary>
public sealed class PlatformTopologyTests
{
    [Fact]
    public async Task Has_the_resources_and_waits_that_the_documentation_lists()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.DevPlatform_AppHost>();
        builder.Resources.Where(resource => resource is not ParameterResource).Select(resource => resource.Name).ShouldBe(
            ["postgres", "devplatform", "keycloak", "vault", "git", "kubernetes", "argocd", "crossplane", "teleport", "apicurio", "migrate", "api"], ignoreOrder: true);
        WaitsOf(builder, "api").ShouldBe(
            ["migrate:WaitForCompletion", "keycloak:WaitUntilHealthy", "vault:WaitUntilHealthy", "git:WaitUntilHealthy", "kubernetes:WaitUntilHealthy",
                "argocd:WaitUntilHealthy", "crossplane:WaitUntilHealthy", "teleport:WaitUntilHealthy", "apicurio:WaitUntilHealthy"],
            ignoreOrder: true);
        WaitsOf(builder, "migrate").ShouldBe(["postgres:WaitUntilHealthy", "devplatform:WaitUntilHealthy"], ignoreOrder: true);
    }

    [Fact]
    public async Task Gives_the_API_what_the_documentation_lists()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.DevPlatform_AppHost>();
        PortAllocator.Allocate(builder.Resources, randomize: true);
        var api = builder.Resources.Single(resource => resource.Name == "api");
        var given = (await ResolvedEnvironment.ResolveAsync(api, builder.ExecutionContext, builder.Resources.OfType<ParameterResource>(), CancellationToken.None)).Variables;
        foreach (var tool in new[] { "keycloak", "vault", "git", "kubernetes", "argocd" })
        {
            given[$"services__{tool}__http__0"].ShouldBe(given[$"{tool.ToUpperInvariant()}_HTTP"]);
        }

        given["services__teleport__https__0"].ShouldStartWith("https://localhost:");
        given["ConnectionStrings__devplatform"].ShouldEndWith(";Database=devplatform");
        given["Scaffolder__GitOps__Repository"].ShouldBe($"{given["GIT_HTTP"]}/platform/gitops.git");
        given["Scaffolder__GitOps__AllowedRepositories__0"].ShouldBe($"{given["GIT_HTTP"]}/services/*");
        given["Catalog__ReadingAllow__0"].ShouldBe(new Uri(given["GIT_HTTP"]).Authority);
        Path.IsPathRooted(given["Teleport__IdentityFile"]).ShouldBeTrue();
        given.ShouldContainKeyAndValue("Identity__Realm", "platform");
        given.ShouldContainKeyAndValue("Vault__Auth", "token");
    }

    [Fact]
    public async Task Two_of_them_share_neither_ports_nor_data()
    {
        await using var one = await DistributedApplicationTestingBuilder.CreateAsync<Projects.DevPlatform_AppHost>();
        await using var other = await DistributedApplicationTestingBuilder.CreateAsync<Projects.DevPlatform_AppHost>();
        PortAllocator.Allocate(one.Resources, randomize: true);
        PortAllocator.Allocate(other.Resources, randomize: true);
        PortsOf(one).Intersect(PortsOf(other)).ShouldBeEmpty();
        ((IEmbeddedBuilder)one).State.Root.ShouldNotBe(((IEmbeddedBuilder)other).State.Root);
    }

    [Fact]
    public async Task A_test_may_change_the_topology_before_it_runs()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.DevPlatform_AppHost>(["--Parameters:vault-token=mine"]);
        var vault = builder.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == "vault-token");
        (await vault.GetValueAsync()).ShouldBe("mine");
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "api")).WithEnvironment("Extra", "1");
    }

    private static IEnumerable<string> WaitsOf(IDistributedApplicationTestingBuilder builder, string name) => builder.Resources
        .Single(resource => resource.Name == name).Annotations.OfType<WaitAnnotation>().Select(wait => $"{wait.Resource.Name}:{wait.WaitType}");

    private static IEnumerable<int> PortsOf(IDistributedApplicationTestingBuilder builder) =>
        builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()).Select(endpoint => endpoint.AllocatedEndpoint!.Port);
}
