using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>What people do every day: find things, keep favorites, bring in what they own.</summary>
[Collection(TopologyCollection.Name)]
public sealed class EverydayTests(Topology topology, Chromium chromium)
{
    [Fact]
    public async Task Components_are_filtered_and_everything_is_searched()
    {
        await SeededAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        var page = user.Page;
        await user.GoAsync("/catalog?filters[user]=all");
        var table = page.GetByRole(AriaRole.Table);
        await table.GetByText("Orders API").First.WaitForAsync();
        await page.GetByPlaceholder("Search").FillAsync("checkout");
        await table.GetByText("Checkout").First.WaitForAsync();
        await Assertions.Expect(table.GetByText("Orders API")).ToHaveCountAsync(0, new() { Timeout = PortalUser.LimitMs });
        await user.ScreenshotAsync("everyday-filtered");

        await user.GoAsync("/search?query=inventory");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = PortalUser.Like("Inventory API") }).First.ClickAsync();
        await page.WaitForURLAsync(PortalUser.Like("/catalog/default/(component|api)/"));
        user.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Favorites_are_where_one_looks_for_them()
    {
        await SeededAsync();
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "team-lead");
        var page = user.Page;
        await user.GoAsync("/catalog/default/component/orders-worker");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to favorites" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove from favorites" }).First.WaitForAsync();
        await user.GoAsync("/tools");
        var star = page.GetByRole(AriaRole.Button, new() { NameRegex = PortalUser.Like(": favorite$") }).First;
        var tool = (await star.GetAttributeAsync("aria-label"))!.Replace(": favorite", "", StringComparison.Ordinal);
        await star.ClickAsync();

        await user.GoAsync("/catalog?filters[user]=starred");
        await page.GetByRole(AriaRole.Table).GetByText("Orders worker").First.WaitForAsync();
        await user.GoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = tool }).First.WaitForAsync();
        await user.ScreenshotAsync("everyday-favorites");
        user.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_is_imported_and_unregistered_again()
    {
        await SeededAsync();
        const string Name = "imported-by-hand";
        await topology.EditAsync("orders/orders-api", "imported.yaml", _ =>
            $"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {Name}\nspec:\n  type: service\n  lifecycle: experimental\n  owner: team-orders\n");
        using var api = await topology.SignInAsync("developer");
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");
        var page = user.Page;
        await user.GoAsync("/catalog-import");
        await page.GetByLabel(PortalUser.Like("URL")).First.FillAsync(new Uri(topology.Git, "orders/orders-api/src/branch/main/imported.yaml").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Analyze" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        await api.PollAsync($"api/catalog/entities/by-name/component/default/{Name}", _ => true, TimeSpan.FromMinutes(2), Name, default);
        await user.ScreenshotAsync("everyday-imported");

        await user.GoAsync($"/catalog/default/component/{Name}");
        await page.GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Unregister entity" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Unregister Location" }).ClickAsync();
        await page.WaitForURLAsync(PortalUser.Like("/catalog(\\?.*)?$"));

        await api.RefusedAsync(404, HttpMethod.Get, $"api/catalog/entities/by-name/component/default/{Name}", null, default);
        user.Problems.ShouldBeEmpty();
    }

    private async Task SeededAsync()
    {
        using var api = await topology.SignInAsync("developer");
        await topology.SeededAsync(api);
    }
}
