using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.TechDocs.Publishing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace DevPlatform.Catalog.Storage;

/// <summary>Schema <c>catalog</c>. Entities are written in bulk by <see cref="CatalogWriter"/>; this owns their tables and the transaction.</summary>
public sealed class CatalogDbContext(DbContextOptions<CatalogDbContext> options) : DbContext(options)
{
    public const string Schema = "catalog";

    public DbSet<RootRow> Roots => Set<RootRow>();

    public DbSet<EntityRow> Entities => Set<EntityRow>();

    public DbSet<ClaimRow> Claims => Set<ClaimRow>();

    public DbSet<AddedAnnotationsRow> AddedAnnotations => Set<AddedAnnotationsRow>();

    public DbSet<HistoryRow> History => Set<HistoryRow>();

    /// <summary>Wakes what waits on the replica that ingests (<see cref="RefreshSignals"/>), once the current transaction is committed.</summary>
    internal Task SignalRefreshAsync(string name, CancellationToken cancellationToken) =>
        Database.ExecuteSqlAsync($"select pg_notify({RefreshSignals.Channel}, {name})", cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfiguration(new DocsSiteConfiguration());
        modelBuilder.ApplyConfiguration(new HistoryConfiguration());
        modelBuilder.ApplyConfiguration(new SearchDocumentConfiguration());
        modelBuilder.Entity<RootRow>(root =>
        {
            root.ToTable("roots");
            root.Property(r => r.Id).HasColumnName("id");
            root.Property(r => r.Kind).HasColumnName("kind");
            root.Property(r => r.Type).HasColumnName("type");
            root.Property(r => r.Target).HasColumnName("target");
            root.Property(r => r.Dependencies).HasColumnName("dependencies");
            root.Property(r => r.CheckedAt).HasColumnName("checked_at");
            root.Property(r => r.RefreshRequestedAt).HasColumnName("refresh_requested_at");
            root.Property(r => r.HasConflicts).HasColumnName("has_conflicts");
            root.Property(r => r.Error).HasColumnName("error");
            root.Property(r => r.ProviderVersion).HasColumnName("provider_version");
            root.HasIndex(r => new { r.Kind, r.Type, r.Target }).IsUnique().HasDatabaseName("ix_roots_target");
        });
        modelBuilder.Entity<EntityRow>(entity =>
        {
            entity.ToTable("entities");
            entity.HasKey(e => e.Ref);
            entity.Property(e => e.Ref).HasColumnName("ref").UseCollation("C");
            entity.Property(e => e.Uid).HasColumnName("uid");
            entity.Property(e => e.RootId).HasColumnName("root_id");
            entity.Property(e => e.ParentRef).HasColumnName("parent_ref");
            entity.Property(e => e.Location).HasColumnName("location");
            entity.Property(e => e.Document).HasColumnName("document");
            entity.Property(e => e.Issues).HasColumnName("issues");
            entity.Property(e => e.Final).HasColumnName("final");
            entity.Property(e => e.Etag).HasColumnName("etag");
            entity.Property(e => e.Lifecycle).HasColumnName("lifecycle");
            entity.Property(e => e.State).HasColumnName("state");
            entity.Property(e => e.StateMessage).HasColumnName("state_message");
            entity.Property(e => e.OrphanedAt).HasColumnName("orphaned_at");
            entity.HasIndex(e => e.Uid).IsUnique().HasDatabaseName("ix_entities_uid");
            entity.HasIndex(e => e.RootId).HasDatabaseName("ix_entities_root_id");
        });
        modelBuilder.Entity<RelationRow>(relation =>
        {
            relation.ToTable("relations");
            relation.HasKey(r => new { r.Origin, r.Type, r.Target });
            relation.Property(r => r.Origin).HasColumnName("origin").UseCollation("C");
            relation.Property(r => r.Type).HasColumnName("type").UseCollation("C");
            relation.Property(r => r.Target).HasColumnName("target").UseCollation("C");
            relation.HasIndex(r => new { r.Target, r.Type }).HasDatabaseName("ix_relations_target");
        });
        modelBuilder.Entity<ChangeRow>(change =>
        {
            change.ToTable("changes");
            change.HasKey(c => c.Seq);
            change.Property(c => c.Seq).HasColumnName("seq").UseIdentityAlwaysColumn();
            change.Property(c => c.EntityRef).HasColumnName("entity_ref");
            change.Property(c => c.Change).HasColumnName("change");
            change.Property(c => c.ChangedAt).HasColumnName("changed_at");
            change.Property(c => c.Entity).HasColumnName("entity");
            change.HasIndex(c => c.ChangedAt).HasDatabaseName("ix_changes_changed_at");
        });
        modelBuilder.Entity<ClaimRow>(claim =>
        {
            claim.ToTable("claims");
            claim.HasKey(c => new { c.Resource, c.Namespace, c.Name });
            claim.Property(c => c.Resource).HasColumnName("resource");
            claim.Property(c => c.Namespace).HasColumnName("namespace");
            claim.Property(c => c.Name).HasColumnName("name");
            claim.Property(c => c.EntityRef).HasColumnName("entity_ref");
            claim.Property(c => c.State).HasColumnName("state");
            claim.Property(c => c.Message).HasColumnName("message");
            claim.Property(c => c.Environment).HasColumnName("environment");
            claim.Property(c => c.Size).HasColumnName("size");
            claim.Property(c => c.Connection).HasColumnName("connection");
            claim.Property(c => c.Backup).HasColumnName("backup");
            claim.Property(c => c.Since).HasColumnName("since");
            claim.HasIndex(c => c.EntityRef).HasDatabaseName("ix_claims_entity_ref");
        });
        modelBuilder.Entity<AddedAnnotationsRow>(added =>
        {
            added.ToTable("added_annotations");
            added.HasKey(a => new { a.Provider, a.Source, a.EntityRef });
            added.Property(a => a.Provider).HasColumnName("provider");
            added.Property(a => a.Source).HasColumnName("source");
            added.Property(a => a.EntityRef).HasColumnName("entity_ref").UseCollation("C");
            added.Property(a => a.Annotations).HasColumnName("annotations");
            added.HasIndex(a => a.EntityRef).HasDatabaseName("ix_added_annotations_entity_ref");
        });
    }
}

/// <summary>Makes the context for <c>dotnet ef</c>, without a host.</summary>
internal sealed class CatalogDbContextFactory : IDesignTimeDbContextFactory<CatalogDbContext>
{
    public CatalogDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<CatalogDbContext>()
        .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("__ef_migrations", CatalogDbContext.Schema)).Options);
}
