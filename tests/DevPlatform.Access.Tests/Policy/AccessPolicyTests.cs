using DevPlatform.Access.Policy;
using DevPlatform.Access.Tests.Support;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Access.Tests.Policy;

public sealed class AccessPolicyTests
{
    [Theory]
    [InlineData("database", "development", "read", "", "PT1H", "PT8H")]
    [InlineData("database", "staging", "write", "", "PT1H", "PT8H")]
    [InlineData("database", "production", "read", "role:dba-approver", "PT30M", "PT2H")]
    [InlineData("ssh", "development", "read", "role:sre-approver", "PT8H", "P1D")]
    [InlineData("ssh", "production", "write", "role:sre-approver AND role:manager-approver", "PT8H", "P1D")]
    [InlineData("kubernetes-exec", "production", "write", "role:sre-approver", "PT1H", "PT4H")]
    [InlineData("port-forward", "staging", "read", "role:sre-approver", "PT1H", "PT4H")]
    [InlineData("database", "development", "admin", "role:security-approver AND role:manager-approver", "PT30M", "PT1H")]
    [InlineData("ssh", "production", "admin", "role:security-approver AND role:manager-approver", "PT30M", "PT1H")]
    public void Ships_the_table_of_the_RFC(string target, string environment, string accessType, string approvers, string usual, string longest)
    {
        var terms = Policies.Default().TermsFor(Targets.Of(target, environment), accessType, null);

        string.Join(" AND ", terms.Approval?.AllOf.Select(g => string.Join(" OR ", g)) ?? []).ShouldBe(approvers);
        DurationText.Format(terms.Duration).ShouldBe(usual);
        DurationText.Format(terms.Maximum).ShouldBe(longest);
    }

    [Theory]
    [InlineData("8h1m")]
    [InlineData("PT4M")]
    [InlineData("soon")]
    [InlineData("0h")]
    [InlineData("-PT1H")]
    [InlineData("")]
    public void Refuses_a_duration_outside_of_what_is_allowed(string duration)
    {
        var refusal = Should.Throw<InputException>(() => Policies.Default().TermsFor(Targets.Of("database", "development"), "read", duration));

        refusal.Message.ShouldContain("\"duration\"");
        refusal.Message.ShouldContain($"\"{duration}\"");
        refusal.Message.ShouldContain("from PT5M to PT8H");
    }

    [Fact]
    public void Takes_the_duration_that_is_asked_for() =>
        Policies.Default().TermsFor(Targets.Of("database", "development"), "read", "1h30m").Duration.ShouldBe(TimeSpan.FromMinutes(90));

    [Fact]
    public void Lets_the_leads_of_the_owning_teams_approve_where_the_policy_says_so()
    {
        var policy = Policies.With(o => o.Rules.Add(new AccessRule
        {
            Approvers = [["dba-approver", AccessPolicy.OwnerTeamLead]],
            DefaultDuration = TimeSpan.FromHours(1),
            MaximumDuration = TimeSpan.FromHours(1),
        }));

        policy.TermsFor(Targets.Of("database", "production"), "read", null).Approval!.AllOf.ShouldHaveSingleItem()
            .ShouldBe(["role:dba-approver", "lead:group:default/team-orders"]);
    }

    [Fact]
    public void Refuses_what_no_rule_covers()
    {
        var policy = Policies.With(o => o.Rules.Add(new AccessRule
        {
            Targets = ["database"],
            DefaultDuration = TimeSpan.FromHours(1),
            MaximumDuration = TimeSpan.FromHours(1),
        }));

        Should.Throw<NotAllowedException>(() => policy.TermsFor(Targets.Of("ssh", "production"), "read", null)).Message.ShouldContain("ssh in production");
    }

    [Fact]
    public void Names_the_setting_that_is_wrong()
    {
        var options = new AccessOptions { MinimumDuration = TimeSpan.Zero };
        options.Rules.Add(new AccessRule
        {
            Environments = ["prod"],
            DefaultDuration = TimeSpan.FromHours(2),
            MaximumDuration = TimeSpan.FromHours(1),
        });

        options.Problems("Access").ShouldBe(
        [
            "Access:MinimumDuration: found \"00:00:00\"; allowed: 00:00:01 or more",
            "Access:Rules:0:Environments: found \"prod\"; allowed: development, staging, production",
            "Access:Rules:0:MaximumDuration: found \"01:00:00\"; allowed: 02:00:00 or more",
        ]);
    }
}
