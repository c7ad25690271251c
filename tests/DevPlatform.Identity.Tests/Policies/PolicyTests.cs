using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Identity.PermissionApi;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Scaffolder.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DevPlatform.Identity.Tests.Policies;

public sealed class PolicyTests
{
    private static readonly Permission Restore = new("database.restore", "update", CatalogPermissions.EntityResource);
    private static readonly Shared.Identity.Caller Ana = Evaluators.Caller(["developer"], ["aad-developers"], ["team-orders"]);

    [Fact]
    public void Denies_what_no_policy_names()
    {
        var decision = Evaluators.Shipped.Evaluate(Ana, new Permission("unheard.of"));

        decision.Result.ShouldBe(PermissionResult.Deny);
        decision.Reason.ShouldBe("it needs role platform-admin");
    }

    [Fact]
    public void Lets_the_platform_admin_do_everything_within_the_ceiling()
    {
        var admin = Evaluators.Caller(["platform-admin"], ["aad-platform-admins", "aad-developers"]);
        var uncovered = Evaluators.Caller(["platform-admin"], ["aad-guests", "aad-developers"]);

        KnownPermissions.All.ShouldAllBe(p => Evaluators.Shipped.Evaluate(admin, p, null).IsAllowed);
        Evaluators.Shipped.Evaluate(uncovered, IdentityPermissions.AuditRead).IsAllowed.ShouldBeFalse();
    }

    [Fact]
    public void Asks_for_the_owner_when_the_resource_is_not_known()
    {
        var decision = Evaluators.Shipped.Evaluate(Ana, CatalogPermissions.EntityDelete);

        decision.Result.ShouldBe(PermissionResult.Conditional);
        var rule = decision.Conditions!.Rule!;
        rule.Name.ShouldBe("IS_ENTITY_OWNER");
        rule.ResourceType.ShouldBe("catalog-entity");
        rule.Parameters["claims"].ShouldBe(["user:default/ana", "group:default/team-orders"]);
    }

    [Fact]
    public void Asks_for_the_creator_of_a_task()
    {
        var rule = Evaluators.Shipped.Evaluate(Ana, ScaffolderPermissions.TaskCancel).Conditions!.Rule!;

        rule.Name.ShouldBe("IS_TASK_OWNER");
        rule.Parameters["createdBy"].ShouldBe(["user:default/ana"]);
    }

    [Theory]
    [InlineData("group:default/team-orders", true)]
    [InlineData("Group:default/Team-Orders", true)]
    [InlineData("group:default/team-data", false)]
    public void Lets_owners_and_their_teams(string owner, bool allowed)
    {
        var resource = new PermissionResource("component:default/a", Owners: [owner]);

        Evaluators.Shipped.Evaluate(Ana, CatalogPermissions.EntityDelete, resource).IsAllowed.ShouldBe(allowed);
    }

    [Fact]
    public void Lets_nobody_own_what_has_no_owner() =>
        Evaluators.Shipped.Evaluate(Ana, CatalogPermissions.EntityDelete, new PermissionResource("component:default/a", Owners: []))
            .Reason.ShouldBe("the resource has no owner");

    [Fact]
    public void Ownership_does_not_replace_the_role()
    {
        var guest = Evaluators.Caller(["developer"], ["aad-guests"], ["team-orders"]);

        Evaluators.Shipped.Evaluate(guest, CatalogPermissions.EntityDelete, new PermissionResource("component:default/a", ["group:default/team-orders"]))
            .IsAllowed.ShouldBeFalse();
    }

    [Theory]
    [InlineData("development", PermissionResult.Allow)]
    [InlineData("production", PermissionResult.Deny)]
    [InlineData(null, PermissionResult.Conditional)]
    public void Limits_by_environment(string? environment, PermissionResult expected)
    {
        var evaluator = Evaluators.FromJson("""{ "Policies": { "database.restore": { "Allow": [{ "Roles": ["developer"], "Environments": ["development", "staging"] }] } } }""");

        evaluator.Evaluate(Ana, Restore, new PermissionResource("resource:default/db", Environment: environment)).Result.ShouldBe(expected);
    }

    [Fact]
    public void Combines_conditions_that_remain()
    {
        var evaluator = Evaluators.FromJson("""{ "Policies": { "database.restore": { "Allow": [{ "Roles": ["developer"], "Owner": true, "Environments": ["development"] }] } } }""");

        var conditions = evaluator.Evaluate(Ana, Restore).Conditions!;
        conditions.AllOf!.Select(c => c.Rule!.Name).ShouldBe(["IS_ENTITY_OWNER", "HAS_LABEL"]);
        conditions.AllOf![1].Rule!.Parameters["value"].ShouldBe(["development"]);
    }

    [Fact]
    public void Limits_by_team()
    {
        var evaluator = Evaluators.FromJson("""{ "Policies": { "x": { "Allow": [{ "Roles": ["*"], "Teams": ["team-data"] }] } } }""");

        evaluator.Evaluate(Ana, new Permission("x")).Reason.ShouldBe("it is for members of team-data");
        evaluator.Evaluate(Ana with { Teams = ["team-data"] }, new Permission("x")).IsAllowed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("2030-01-07T08:59:59Z", false)] // a Monday
    [InlineData("2030-01-07T09:00:00Z", true)]
    [InlineData("2030-01-07T16:59:59Z", true)]
    [InlineData("2030-01-07T17:00:00Z", false)]
    [InlineData("2030-01-06T12:00:00Z", false)]
    public void Limits_by_time(string now, bool allowed)
    {
        var evaluator = Evaluators.FromJson(
            """{ "Policies": { "x": { "Allow": [{ "Roles": ["*"], "Hours": { "From": "09:00", "To": "17:00", "Days": ["Monday"] } }] } } }""",
            new FakeTimeProvider(DateTimeOffset.Parse(now)));

        evaluator.Evaluate(Ana, new Permission("x")).IsAllowed.ShouldBe(allowed);
    }

    [Fact]
    public void Takes_the_longest_pattern()
    {
        Evaluators.Shipped.Evaluate(Ana, IntegrationsPermissions.ToolOpen("grafana")).IsAllowed.ShouldBeTrue();
        Evaluators.Shipped.Evaluate(Ana, IntegrationsPermissions.ToolOpen("vault")).IsAllowed.ShouldBeFalse();
    }

    [Fact]
    public void Knows_the_other_names_of_permissions()
    {
        Evaluators.Shipped.Evaluate(Ana, new Permission("jit-access.request")).IsAllowed.ShouldBeTrue();
        Evaluators.Shipped.Evaluate(Ana, new Permission("jit-access.approve")).IsAllowed.ShouldBeFalse();
    }

    [Fact]
    public void A_configured_policy_replaces_the_shipped_one_as_a_whole()
    {
        var evaluator = Evaluators.FromJson("""{ "Policies": { "catalog.entity.delete": { "Allow": [{ "Roles": ["curator"] }] } } }""");

        evaluator.Evaluate(Ana, CatalogPermissions.EntityDelete).Reason.ShouldBe("it needs role curator or platform-admin");
        evaluator.Evaluate(Ana, CatalogPermissions.EntityCreate).IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public void Follows_the_configuration_when_it_changes()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
        var evaluator = Evaluators.From(configuration);
        evaluator.Evaluate(Ana, IdentityPermissions.AuditRead).IsAllowed.ShouldBeFalse();

        configuration["Permissions:Policies:audit.read:Allow:0:Roles:0"] = "developer";
        ((IConfigurationRoot)configuration).Reload();

        evaluator.Evaluate(Ana, IdentityPermissions.AuditRead).IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public void A_misspelt_key_is_an_error() =>
        Should.Throw<OptionsValidationException>(() => Evaluators.FromJson("""{ "Policies": { "x": { "Allow": [{ "Role": ["developer"] }] } } }"""))
            .Message.ShouldContain("Role");

    [Fact]
    public void A_grant_without_roles_and_an_unknown_time_zone_are_errors()
    {
        var options = new Identity.Policies.PermissionOptions
        {
            Policies = { ["x"] = new() { Allow = [new() { Hours = new() { TimeZone = "Mars/Olympus" } }] } },
        };

        options.Problems("Permissions").ShouldBe([
            "Permissions:Policies:x:Allow:0:Roles: found nothing; allowed: at least one Keycloak role, or *",
            "Permissions:Policies:x:Allow:0:Hours:TimeZone: found \"Mars/Olympus\"; allowed: an IANA time zone such as Europe/Berlin",
        ]);
    }

    [Fact]
    public void Every_permission_has_a_shipped_policy()
    {
        var nobody = Evaluators.Caller([], []);

        KnownPermissions.All.Where(p => Evaluators.Shipped.Evaluate(nobody, p).Reason == "it needs role platform-admin")
            .Select(p => p.Name).ShouldBe(["identity.organization.sync", "scaffolder.template.management", "notification.send"]);
    }
}
