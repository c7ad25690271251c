using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Scaffolder.Tasks;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Scaffolder.Data;

/// <summary>The Scaffolder's tables, in schema <c>scaffolder</c>.</summary>
public sealed class ScaffolderDbContext(DbContextOptions<ScaffolderDbContext> options) : DbContext(options)
{
    public const string Schema = "scaffolder";

    public DbSet<ScaffolderTask> Tasks => Set<ScaffolderTask>();

    public DbSet<TaskStep> Steps => Set<TaskStep>();

    public DbSet<TaskEvent> Events => Set<TaskEvent>();

    public DbSet<TaskWorkspace> Workspaces => Set<TaskWorkspace>();

    public DbSet<TaskEffect> Effects => Set<TaskEffect>();

    public DbSet<QuotaReservation> QuotaReservations => Set<QuotaReservation>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<ScaffolderTask>(task =>
        {
            task.ToTable("tasks");
            task.HasKey(t => t.Id);
            task.Property(t => t.Id).HasColumnName("id").ValueGeneratedNever();
            task.Property(t => t.TemplateRef).HasColumnName("template_ref");
            task.Property(t => t.Status).HasColumnName("status").HasMaxLength(32);
            // json, not jsonb: the order of keys is the template author's (each, outputs).
            task.Property(t => t.Spec).HasColumnName("spec").HasColumnType("json");
            task.Property(t => t.Actor).HasColumnName("actor").HasColumnType("json");
            task.Property(t => t.CreatedBy).HasColumnName("created_by");
            task.Property(t => t.CreatedAt).HasColumnName("created_at");
            task.Property(t => t.FinishedAt).HasColumnName("finished_at");
            task.Property(t => t.LastHeartbeatAt).HasColumnName("last_heartbeat_at");
            task.Property(t => t.QueuedAt).HasColumnName("queued_at");
            task.Property(t => t.LeaseId).HasColumnName("lease_id");
            task.Property(t => t.LeaseCount).HasColumnName("lease_count");
            task.Property(t => t.CancelRequested).HasColumnName("cancel_requested");
            task.Property(t => t.ProtectedSecrets).HasColumnName("protected_secrets");
            task.Property(t => t.Request).HasColumnName("provisioning_request").HasColumnType("json");
            task.Property(t => t.Environment).HasColumnName("environment").HasMaxLength(32);
            task.Property(t => t.ApprovalId).HasColumnName("approval_id");
            task.Property(t => t.AwaitedRoles).HasColumnName("awaited_roles");
            task.Property(t => t.ApprovedRoles).HasColumnName("approved_roles");
            task.Property(t => t.GivenApprovals).HasColumnName("given_approvals");
            task.Property(t => t.ApprovedBy).HasColumnName("approved_by");
            task.Property(t => t.Commit).HasColumnName("commit").HasMaxLength(64);
            task.Property(t => t.Error).HasColumnName("error");
            task.HasIndex(t => new { t.Status, t.QueuedAt });
            task.HasIndex(t => new { t.CreatedBy, t.CreatedAt });
            task.HasIndex(t => t.CreatedAt);
            task.HasIndex(t => t.ApprovalId);
        });
        modelBuilder.Entity<TaskStep>(step =>
        {
            step.ToTable("task_steps");
            step.HasKey(s => new { s.TaskId, s.StepId });
            step.Property(s => s.TaskId).HasColumnName("task_id");
            step.Property(s => s.StepId).HasColumnName("step_id");
            step.Property(s => s.Status).HasColumnName("status").HasMaxLength(32);
            step.Property(s => s.Output).HasColumnName("output");
            step.Property(s => s.StartedAt).HasColumnName("started_at");
            step.Property(s => s.FinishedAt).HasColumnName("finished_at");
            step.Property(s => s.Attempts).HasColumnName("attempts");
            step.HasOne<ScaffolderTask>().WithMany().HasForeignKey(s => s.TaskId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<TaskEvent>(taskEvent =>
        {
            taskEvent.ToTable("task_events");
            taskEvent.HasKey(e => e.Id);
            taskEvent.Property(e => e.Id).HasColumnName("id").UseIdentityAlwaysColumn();
            taskEvent.Property(e => e.TaskId).HasColumnName("task_id");
            taskEvent.Property(e => e.Type).HasColumnName("type").HasMaxLength(32);
            taskEvent.Property(e => e.Body).HasColumnName("body").HasColumnType("json");
            taskEvent.Property(e => e.CreatedAt).HasColumnName("created_at");
            taskEvent.HasIndex(e => new { e.TaskId, e.Id });
            taskEvent.HasOne<ScaffolderTask>().WithMany().HasForeignKey(e => e.TaskId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<TaskWorkspace>(workspace =>
        {
            workspace.ToTable("task_workspaces");
            workspace.HasKey(w => w.TaskId);
            workspace.Property(w => w.TaskId).HasColumnName("task_id");
            workspace.Property(w => w.Content).HasColumnName("content");
            workspace.Property(w => w.Hash).HasColumnName("hash");
            workspace.HasOne<ScaffolderTask>().WithMany().HasForeignKey(w => w.TaskId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<TaskEffect>(effect =>
        {
            effect.ToTable("task_effects");
            effect.HasKey(e => new { e.TaskId, e.Key });
            effect.Property(e => e.TaskId).HasColumnName("task_id");
            effect.Property(e => e.Key).HasColumnName("key");
            effect.Property(e => e.CreatedAt).HasColumnName("created_at");
            effect.HasOne<ScaffolderTask>().WithMany().HasForeignKey(e => e.TaskId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<QuotaReservation>(reservation =>
        {
            reservation.ToTable("quota_reservations");
            reservation.HasKey(r => r.TaskId);
            reservation.Property(r => r.TaskId).HasColumnName("task_id");
            reservation.Property(r => r.ResourceType).HasColumnName("resource_type");
            reservation.Property(r => r.Environment).HasColumnName("environment").HasMaxLength(32);
            reservation.Property(r => r.Owner).HasColumnName("owner");
            reservation.Property(r => r.EntityRef).HasColumnName("entity_ref");
            reservation.Property(r => r.ExpiresAt).HasColumnName("expires_at");
            reservation.HasIndex(r => r.EntityRef).IsUnique();
            reservation.HasIndex(r => new { r.ResourceType, r.Environment, r.Owner });
            reservation.HasOne<ScaffolderTask>().WithMany().HasForeignKey(r => r.TaskId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
