using DevPlatform.Catalog.Processors;

namespace DevPlatform.Catalog.Tests.Processors;

public sealed class CodeOwnersTests
{
    [Theory]
    [InlineData("* @acme/team-a", "catalog-info.yaml", "team-a")]
    [InlineData("* @ana", "catalog-info.yaml", "User:ana")]
    [InlineData("* ana@example.com @acme/team-a", "catalog-info.yaml", "User:ana")]
    [InlineData("# nothing\n\n[Section]\n*   @acme/team-a # why", "x/catalog-info.yaml", "team-a")]
    [InlineData("* @acme/all\n/services/ @acme/services\n", "services/a/catalog-info.yaml", "services")]
    [InlineData("* @acme/all\n/services/ @acme/services\n", "other/services/catalog-info.yaml", "all")]
    [InlineData("* @acme/all\nservices/ @acme/services\n", "other/services/catalog-info.yaml", "services")]
    [InlineData("/services/ @acme/services\n* @acme/all\n", "services/a/catalog-info.yaml", "all")]
    [InlineData("*.yaml @acme/yaml\n*.md @acme/docs", "deep/in/catalog-info.yaml", "yaml")]
    [InlineData("/docs/* @acme/docs", "docs/deep/catalog-info.yaml", null)]
    [InlineData("/docs/** @acme/docs", "docs/deep/catalog-info.yaml", "docs")]
    [InlineData("**/api/catalog-info.yaml @acme/api", "a/b/api/catalog-info.yaml", "api")]
    [InlineData("* @acme/all\n/services/\n", "services/a/catalog-info.yaml", null)]
    [InlineData("", "catalog-info.yaml", null)]
    public void The_last_rule_that_matches_names_the_owner(string text, string path, string? owner) => CodeOwners.OwnerOf(path, text).ShouldBe(owner);
}
