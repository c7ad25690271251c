namespace DevPlatform.Access.Approvals;

/// <summary>
/// Who must approve: all groups (AND), each by another person; in a group, anyone who holds one of its keys (OR). Keys are those of
/// <see cref="DevPlatform.Shared.Identity.Audiences"/>.
/// </summary>
internal sealed record ApprovalRule(IReadOnlyList<IReadOnlyList<string>> AllOf)
{
    /// <summary>All keys, for finding approvals that someone may decide.</summary>
    public IEnumerable<string> Keys => AllOf.SelectMany(g => g).Distinct();

    /// <summary>Whether a person with these keys is an approver at all.</summary>
    public bool Concerns(IReadOnlyCollection<string> keys) => Keys.Any(keys.Contains);

    /// <summary>
    /// Whether the approvals suffice: every group is filled by a different person. Somebody who fits two groups fills one of them, whichever
    /// leaves the other to somebody else.
    /// </summary>
    public bool IsSatisfiedBy(IReadOnlyList<IReadOnlyCollection<string>> approvals) => CanFill(0, approvals, []);

    /// <summary>The same rule, with more keys accepted in every group.</summary>
    public ApprovalRule With(IEnumerable<string> keys) => new([.. AllOf.Select(g => g.Union(keys).ToArray())]);

    private bool CanFill(int group, IReadOnlyList<IReadOnlyCollection<string>> approvals, HashSet<int> used)
    {
        if (group == AllOf.Count)
        {
            return true;
        }

        for (var person = 0; person < approvals.Count; person++)
        {
            if (AllOf[group].Any(approvals[person].Contains) && used.Add(person))
            {
                if (CanFill(group + 1, approvals, used))
                {
                    return true;
                }

                used.Remove(person);
            }
        }

        return false;
    }
}
