using DevPlatform.Access.Approvals;
using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Shared.Identity;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Requests;

/// <summary>Who is told that requests and approvals changed: those whom <see cref="AccessViews"/> and <see cref="ApprovalViews"/> let see them.</summary>
internal static class AccessAudience
{
    /// <summary>The audience of what the DbContext has loaded to change it.</summary>
    public static async Task<IReadOnlyCollection<string>> OfChangesAsync(AccessDbContext db, CancellationToken cancellationToken)
    {
        var requests = db.ChangeTracker.Entries<AccessRequest>().Select(entry => entry.Entity).ToList();
        var approvals = db.ChangeTracker.Entries<Approval>().Select(entry => entry.Entity).ToList();
        var others = requests.Select(request => request.ApprovalId).OfType<Guid>().Except(approvals.Select(approval => approval.Id)).ToArray();
        var keys = others.Length == 0
            ? []
            : await db.Approvals.AsNoTracking().Where(approval => others.Contains(approval.Id)).Select(approval => approval.ApproverKeys).ToListAsync(cancellationToken);
        var audience = requests.Select(request => request.RequesterRef)
            .Concat(approvals.Select(approval => approval.RequesterRef))
            .Concat(approvals.SelectMany(approval => approval.ApproverKeys))
            .Concat(keys.SelectMany(k => k))
            .Append(Audiences.Holder(AccessPermissions.RequestRevoke));
        return (requests.Count == 0 ? audience : audience.Append(Audiences.Holder(AccessPermissions.RecordingRead))).ToHashSet(StringComparer.Ordinal);
    }
}
