namespace DevPlatform.ArchitectureTests;

/// <summary>Who may reference whom (docs/architecture.md). Each rule is also shown a violation, so that it can fail.</summary>
public class ReferenceRules
{
    private const string Shared = "DevPlatform.Shared";
    private const string PermissionVocabulary = "DevPlatform.Identity.Contracts";

    public static TheoryData<string> Modules => [.. Platform.Modules.Select(Platform.Name)];

    public static TheoryData<string> Contracts => [.. Platform.Contracts.Select(Platform.Name)];

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_references_Shared_and_Contracts_only(string module) =>
        ForbiddenToModules(Platform.References(Platform.Modules.Single(m => Platform.Name(m) == module))).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Contracts_reference_nothing_but_the_permission_vocabulary(string contracts) =>
        ForbiddenToContracts(Platform.References(Platform.Contracts.Single(c => Platform.Name(c) == contracts))).ShouldBeEmpty();

    [Fact]
    public void Contracts_have_no_packages() =>
        Platform.Contracts.SelectMany(c => c.GetReferencedAssemblies())
            .Select(r => r.Name!)
            .Where(r => !r.StartsWith("System", StringComparison.Ordinal) && !r.StartsWith("DevPlatform.", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Shared_knows_no_module() =>
        Platform.References(typeof(Shared.Errors.PlatformException).Assembly).Where(r => r != PermissionVocabulary).ShouldBeEmpty();

    [Fact]
    public void A_module_that_references_another_is_found() =>
        ForbiddenToModules([Shared, PermissionVocabulary, "DevPlatform.Catalog"]).ShouldBe(["DevPlatform.Catalog"]);

    [Fact]
    public void Contracts_that_reference_others_are_found() =>
        ForbiddenToContracts([PermissionVocabulary, "DevPlatform.Catalog.Contracts"]).ShouldBe(["DevPlatform.Catalog.Contracts"]);

    private static IEnumerable<string> ForbiddenToModules(IEnumerable<string> references) =>
        references.Where(r => r != Shared && !r.EndsWith(".Contracts", StringComparison.Ordinal));

    private static IEnumerable<string> ForbiddenToContracts(IEnumerable<string> references) => references.Where(r => r != PermissionVocabulary);
}
