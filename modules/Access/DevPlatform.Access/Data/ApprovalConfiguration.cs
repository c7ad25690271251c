using DevPlatform.Access.Approvals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DevPlatform.Access.Data;

internal sealed class ApprovalConfiguration : IEntityTypeConfiguration<Approval>
{
    public void Configure(EntityTypeBuilder<Approval> approval)
    {
        approval.ToTable("approvals");
        approval.Property(a => a.Id).ValueGeneratedNever();
        approval.Property(a => a.RequestedBy).AsJson();
        approval.Property(a => a.Rule).AsJson();
        approval.Property(a => a.Votes).AsJson();
        approval.Property(a => a.State).HasConversion<string>();
        approval.Property(a => a.Version).IsRowVersion();
        approval.HasIndex(a => a.ApproverKeys).HasMethod("gin").HasFilter("state = 'Pending'");
        approval.HasIndex(a => a.ExpiresAt).HasFilter("state = 'Pending'");
        approval.HasIndex(a => new { a.RequesterRef, a.Id });
    }
}
