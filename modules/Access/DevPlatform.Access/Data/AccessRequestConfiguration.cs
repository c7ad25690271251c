using DevPlatform.Access.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DevPlatform.Access.Data;

internal sealed class AccessRequestConfiguration : IEntityTypeConfiguration<AccessRequest>
{
    public void Configure(EntityTypeBuilder<AccessRequest> request)
    {
        request.ToTable("requests");
        request.Property(r => r.Id).ValueGeneratedNever();
        request.Property(r => r.RequestedBy).AsJson();
        request.Property(r => r.State).HasConversion<string>();
        request.Property(r => r.Version).IsRowVersion();
        request.OwnsOne(r => r.Extension);
        request.OwnsOne(r => r.Teleport, teleport => teleport.HasIndex(t => t.DueAt).HasFilter("teleport_due_at IS NOT NULL"));
        request.Navigation(r => r.Teleport).IsRequired();
        request.OwnsOne(r => r.Credential, credential => credential.HasIndex(c => c.DueAt).HasFilter("credential_due_at IS NOT NULL"));
        request.Navigation(r => r.Credential).IsRequired();
        request.HasIndex(r => new { r.RequesterRef, r.Id });
        request.HasIndex(r => new { r.ResourceRef, r.Id });
        request.HasIndex(r => new { r.State, r.Id });
        request.HasIndex(r => r.ApprovalId);
        request.HasIndex(r => r.ExpiresAt).HasFilter("state = 'Active'");
    }
}
