using DevPlatform.Access.Approvals;

namespace DevPlatform.Access.Tests.Approvals;

public sealed class ApprovalRuleTests
{
    private static readonly ApprovalRule SecurityAndManager = new([["security"], ["manager"]]);

    [Fact]
    public void Needs_every_group() => SecurityAndManager.IsSatisfiedBy([["security"]]).ShouldBeFalse();

    [Fact]
    public void Is_content_with_one_person_per_group() => SecurityAndManager.IsSatisfiedBy([["manager"], ["security"]]).ShouldBeTrue();

    [Fact]
    public void Does_not_let_one_person_stand_for_two() => SecurityAndManager.IsSatisfiedBy([["security", "manager"]]).ShouldBeFalse();

    [Fact]
    public void Finds_who_has_to_stand_for_what() =>
        SecurityAndManager.IsSatisfiedBy([["security", "manager"], ["security"]]).ShouldBeTrue();

    [Fact]
    public void Takes_any_key_of_a_group()
    {
        var either = new ApprovalRule([["dba", "lead"]]);

        either.IsSatisfiedBy([["lead"]]).ShouldBeTrue();
        either.IsSatisfiedBy([["sre"]]).ShouldBeFalse();
    }

    [Fact]
    public void Grows_when_it_escalates()
    {
        var escalated = SecurityAndManager.With(["admin"]);

        escalated.IsSatisfiedBy([["admin"], ["security"]]).ShouldBeTrue();
        escalated.IsSatisfiedBy([["admin"]]).ShouldBeFalse();
    }
}
