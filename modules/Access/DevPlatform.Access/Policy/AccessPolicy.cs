using DevPlatform.Access.Approvals;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Policy;

/// <summary>What the policy says about one request.</summary>
/// <param name="Approval">Who must approve; null when nobody needs to.</param>
/// <param name="Duration">How long the access lasts.</param>
/// <param name="Maximum">The longest it may last, extensions included.</param>
internal sealed record AccessTerms(ApprovalRule? Approval, TimeSpan Duration, TimeSpan Maximum);

/// <summary>The access policy: configuration in, decision out.</summary>
internal sealed class AccessPolicy(IOptionsMonitor<AccessOptions> options)
{
    /// <summary>A group of this name is filled by the leads of the teams that own the resource.</summary>
    public const string OwnerTeamLead = "owner:team-lead";

    /// <summary>Finds the terms of a request.</summary>
    /// <param name="target">What is to be accessed, and who owns it.</param>
    /// <param name="accessType">read, write or admin.</param>
    /// <param name="duration">As asked; null = the policy's default.</param>
    /// <exception cref="InputException">The duration is outside of what the policy allows.</exception>
    /// <exception cref="NotAllowedException">No rule covers such access.</exception>
    public AccessTerms TermsFor(AccessTarget target, string accessType, string? duration)
    {
        var current = options.CurrentValue;
        var rule = current.Rules.FirstOrDefault(r => Covers(r.Targets, target.Target) && Covers(r.Environments, target.Environment) && Covers(r.AccessTypes, accessType))
            ?? throw new NotAllowedException($"No access policy covers {accessType} access to a {target.Target} in {target.Environment}");
        var shortest = current.MinimumDuration < rule.MaximumDuration ? current.MinimumDuration : rule.MaximumDuration;
        var length = rule.DefaultDuration;
        if (duration is not null && (!DurationText.TryParse(duration, out length) || length < shortest || length > rule.MaximumDuration))
        {
            throw InputException.For("duration", duration,
                $"an ISO 8601 duration from {DurationText.Format(shortest)} to {DurationText.Format(rule.MaximumDuration)}, such as PT1H or 1h");
        }

        return new(rule.Approvers.Count == 0 ? null : new ApprovalRule([.. rule.Approvers.Select(g => ApproversOf(g, target))]), length, rule.MaximumDuration);
    }

    private static bool Covers(IList<string> names, string name) => names.Count == 0 || names.Contains(name);

    private static string[] ApproversOf(IList<string> group, AccessTarget target) =>
        [.. group.SelectMany(term => term == OwnerTeamLead ? target.Owners.Select(Audiences.LeadOf) : [Audiences.Role(term)])];
}
