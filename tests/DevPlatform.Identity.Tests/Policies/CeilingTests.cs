using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Identity.Tests.Policies;

/// <summary>CEILING: Azure AD groups cap what Keycloak roles grant, an AND gate.</summary>
public sealed class CeilingTests
{
    private static readonly Permission Deploy = new("deploy", "create");

    /// <summary>The cap may stand at the role or at the permission; the table is the same.</summary>
    private const string AtTheRole = """{ "Roles": { "dev": { "Ceiling": ["aad-dev"] } }, "Policies": { "deploy": { "Allow": [{ "Roles": ["dev"] }] } } }""";
    private const string AtThePermission = """{ "Policies": { "deploy": { "Allow": [{ "Roles": ["dev"] }], "Ceiling": ["aad-dev"] } } }""";
    private const string Undefined = """{ "Policies": { "deploy": { "Allow": [{ "Roles": ["dev"] }] } } }""";

    [Theory]
    [InlineData(AtTheRole, true, true, true)]
    [InlineData(AtTheRole, false, true, false)]
    [InlineData(AtTheRole, true, false, false)]
    [InlineData(AtTheRole, false, false, false)]
    [InlineData(AtThePermission, true, true, true)]
    [InlineData(AtThePermission, false, true, false)]
    [InlineData(AtThePermission, true, false, false)]
    [InlineData(AtThePermission, false, false, false)]
    [InlineData(Undefined, false, true, true)]
    [InlineData(Undefined, true, true, true)]
    [InlineData(Undefined, false, false, false)]
    [InlineData(Undefined, true, false, false)]
    public void Is_an_and_gate(string policy, bool inGroup, bool hasRole, bool allowed)
    {
        var caller = Evaluators.Caller(hasRole ? ["dev"] : [], inGroup ? ["aad-dev"] : ["aad-other"]);

        Evaluators.FromJson(policy).Evaluate(caller, Deploy).IsAllowed.ShouldBe(allowed);
    }

    [Fact]
    public void Holds_at_role_and_permission_together()
    {
        var evaluator = Evaluators.FromJson(
            """{ "Roles": { "dev": { "Ceiling": ["aad-dev"] } }, "Policies": { "deploy": { "Allow": [{ "Roles": ["dev"] }], "Ceiling": ["aad-staff"] } } }""");

        evaluator.Evaluate(Evaluators.Caller(["dev"], ["aad-dev"]), Deploy).IsAllowed.ShouldBeFalse();
        evaluator.Evaluate(Evaluators.Caller(["dev"], ["aad-staff"]), Deploy).IsAllowed.ShouldBeFalse();
        evaluator.Evaluate(Evaluators.Caller(["dev"], ["aad-dev", "aad-staff"]), Deploy).IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public void Takes_another_role_when_the_first_is_capped()
    {
        var evaluator = Evaluators.FromJson(
            """{ "Roles": { "dba": { "Ceiling": ["aad-dba"] } }, "Policies": { "deploy": { "Allow": [{ "Roles": ["dba", "dev"] }] } } }""");

        evaluator.Evaluate(Evaluators.Caller(["dba", "dev"], []), Deploy).Reason.ShouldBe("granted by role dev");
    }

    [Fact]
    public void Says_which_group_is_missing()
    {
        var decision = Evaluators.FromJson(AtTheRole).Evaluate(Evaluators.Caller(["dev"], ["aad-other"]), Deploy);

        decision.Result.ShouldBe(PermissionResult.Deny);
        decision.Reason.ShouldBe("role dev counts only with Azure AD group aad-dev, which the caller lacks");
    }

    [Fact]
    public void Says_when_the_groups_are_missing_from_the_token()
    {
        var caller = Evaluators.Caller(["dev"], []) with { GroupsProblem = "the token has no claim \"groups\"" };

        Evaluators.FromJson(AtTheRole).Evaluate(caller, Deploy).Reason.ShouldContain("no claim \"groups\"");
    }

    [Fact]
    public void Leaves_the_effective_roles()
    {
        var caller = Evaluators.Caller(["developer", "dba-approver", "offline_access"], ["aad-developers"]);

        Evaluators.Shipped.EffectiveRoles(caller).ShouldBe(["developer", "offline_access"], ignoreOrder: true);
    }

    [Fact]
    public void Compares_whole_group_paths()
    {
        var evaluator = Evaluators.FromJson(AtTheRole);

        evaluator.Evaluate(Evaluators.Caller(["dev"], ["guests/aad-dev"]), Deploy).IsAllowed.ShouldBeFalse();
        evaluator.Evaluate(Evaluators.Caller(["dev"], ["AAD-DEV"]), Deploy).IsAllowed.ShouldBeFalse();
    }
}
