using System.Net;
using System.Text.Json;
using DevPlatform.Access.Tests.Support;

namespace DevPlatform.Access.Tests.Policy;

[Collection(AccessCollection.Name)]
public sealed class ListAccessOptionsTests(AccessPlatform platform)
{
    private readonly HttpClient _developer = platform.Client("developer");

    [Fact]
    public async Task Offers_what_the_policy_has_for_a_database()
    {
        var options = await _developer.GetJsonAsync("options?resource=orders");

        options.GetProperty("resource").GetString().ShouldBe("resource:default/orders");
        options.GetProperty("environment").GetString().ShouldBe("development");
        options.IsNull("problem").ShouldBeTrue();
        options.GetProperty("items").EnumerateArray().Select(Describe).ShouldBe(
        [
            "database read PT1H PT8H []", "database write PT1H PT8H []",
            "database admin PT30M PT1H [[\"role:security-approver\"],[\"role:manager-approver\"]]",
        ]);
    }

    [Fact]
    public async Task Names_the_approvers_of_a_production_database()
    {
        var options = await _developer.GetJsonAsync("options?resource=resource:default/orders-prod");

        options.GetProperty("items").EnumerateArray().Select(Describe).First().ShouldBe("database read PT30M PT2H [[\"role:dba-approver\"]]");
    }

    [Fact]
    public async Task Says_why_nothing_is_offered_for_what_is_no_target_of_access()
    {
        var options = await _developer.GetJsonAsync("options?resource=resource:default/jobs");

        options.GetProperty("items").GetArrayLength().ShouldBe(0);
        options.GetProperty("problem").GetString()!.ShouldContain("resource:default/jobs of type queue");
    }

    [Fact]
    public async Task Offers_nothing_for_an_entity_that_may_not_describe_access()
    {
        var options = await _developer.GetJsonAsync("options?resource=resource:default/mine");

        options.GetProperty("items").GetArrayLength().ShouldBe(0);
        options.GetProperty("problem").GetString()!.ShouldContain("http://git.example/mine/repo");
    }

    [Theory]
    [InlineData("options", HttpStatusCode.BadRequest)]
    [InlineData("options?resource=resource:", HttpStatusCode.BadRequest)]
    [InlineData("options?resource=resource:default/nothing", HttpStatusCode.NotFound)]
    public async Task Refuses_what_is_no_entity(string path, HttpStatusCode status) =>
        (await _developer.GetAsync($"/api/access/{path}")).StatusCode.ShouldBe(status);

    [Fact]
    public async Task Is_closed_to_whoever_may_not_ask_for_access() =>
        (await platform.Client("ceiling-denied").GetAsync("/api/access/options?resource=orders")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

    private static string Describe(JsonElement option) =>
        string.Join(' ', new[] { "target", "accessType", "defaultDuration", "maximumDuration" }.Select(n => option.GetProperty(n).GetString()))
        + $" {option.GetProperty("approvers").GetRawText()}";
}
