using System.Net;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Locations;

/// <summary>Who may delete everything that came from a location may remove it: the portal offers unregistering to owners.</summary>
[Collection(CatalogCollection.Name)]
public sealed class RemoveOwnLocationTests(CatalogPlatform platform)
{
    [Fact]
    public async Task Owners_of_all_of_it_may_and_owners_of_a_part_may_not()
    {
        var own = await platform.RegisterAsync("remove/own.yaml", Yaml.All(Yaml.Component("remove-a", "team-orders"), Yaml.Component("remove-b", "team-orders")));
        var shared = await platform.RegisterAsync("remove/shared.yaml", Yaml.All(Yaml.Component("remove-c", "team-orders"), Yaml.Component("remove-d", "team-data")));
        using var developer = platform.Client("developer");

        (await developer.DeleteAsync($"/api/catalog/locations/{shared}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await platform.EntityAsync("component", "remove-c")).ShouldNotBeNull();
        (await developer.DeleteAsync($"/api/catalog/locations/{Guid.NewGuid()}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await platform.Client("auditor").DeleteAsync($"/api/catalog/locations/{own}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await platform.Client("ceiling-denied").DeleteAsync($"/api/catalog/locations/{own}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await developer.DeleteAsync($"/api/catalog/locations/{own}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await platform.EntityAsync("component", "remove-a")).ShouldBeNull();
        (await developer.DeleteAsync($"/api/catalog/locations/{own}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
