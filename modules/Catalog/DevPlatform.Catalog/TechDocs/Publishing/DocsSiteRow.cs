using DevPlatform.Catalog.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DevPlatform.Catalog.TechDocs.Publishing;

/// <summary>The published documentation of an entity; its files are in <see cref="Storage.IDocsStorage"/>.</summary>
public sealed class DocsSiteRow
{
    public required string EntityRef { get; set; }

    /// <summary>Repository, reference and directory that it was built from.</summary>
    public required string Source { get; set; }

    /// <summary>The commit last looked at.</summary>
    public required string Commit { get; set; }

    /// <summary>Changes when the documentation does.</summary>
    public required string Revision { get; set; }

    /// <summary><c>techdocs_metadata.json</c>.</summary>
    public required string Metadata { get; set; }

    public DateTimeOffset BuiltAt { get; set; }
}

internal sealed class DocsSiteConfiguration : IEntityTypeConfiguration<DocsSiteRow>
{
    public void Configure(EntityTypeBuilder<DocsSiteRow> site)
    {
        site.ToTable("techdocs_sites");
        site.HasKey(s => s.EntityRef);
        site.HasOne<EntityRow>().WithOne().HasForeignKey<DocsSiteRow>(s => s.EntityRef).OnDelete(DeleteBehavior.Cascade).HasConstraintName("fk_techdocs_sites_entity");
        site.Property(s => s.EntityRef).HasColumnName("entity_ref").UseCollation("C");
        site.Property(s => s.Source).HasColumnName("source");
        site.Property(s => s.Commit).HasColumnName("commit");
        site.Property(s => s.Revision).HasColumnName("revision");
        site.Property(s => s.Metadata).HasColumnName("metadata");
        site.Property(s => s.BuiltAt).HasColumnName("built_at");
    }
}
