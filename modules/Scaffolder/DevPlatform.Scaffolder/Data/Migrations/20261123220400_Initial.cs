using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace DevPlatform.Scaffolder.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "scaffolder");

            migrationBuilder.CreateTable(
                name: "tasks",
                schema: "scaffolder",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_ref = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    spec = table.Column<string>(type: "json", nullable: false),
                    actor = table.Column<string>(type: "json", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_heartbeat_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    queued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    lease_id = table.Column<Guid>(type: "uuid", nullable: true),
                    lease_count = table.Column<int>(type: "integer", nullable: false),
                    cancel_requested = table.Column<bool>(type: "boolean", nullable: false),
                    protected_secrets = table.Column<string>(type: "text", nullable: true),
                    provisioning_request = table.Column<string>(type: "json", nullable: true),
                    environment = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    approval_id = table.Column<Guid>(type: "uuid", nullable: true),
                    approved_by = table.Column<string[]>(type: "text[]", nullable: true),
                    commit = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tasks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "quota_reservations",
                schema: "scaffolder",
                columns: table => new
                {
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    resource_type = table.Column<string>(type: "text", nullable: false),
                    environment = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    owner = table.Column<string>(type: "text", nullable: false),
                    entity_ref = table.Column<string>(type: "text", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_quota_reservations", x => x.task_id);
                    table.ForeignKey(
                        name: "FK_quota_reservations_tasks_task_id",
                        column: x => x.task_id,
                        principalSchema: "scaffolder",
                        principalTable: "tasks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "task_events",
                schema: "scaffolder",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    body = table.Column<string>(type: "json", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_task_events", x => x.id);
                    table.ForeignKey(
                        name: "FK_task_events_tasks_task_id",
                        column: x => x.task_id,
                        principalSchema: "scaffolder",
                        principalTable: "tasks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "task_steps",
                schema: "scaffolder",
                columns: table => new
                {
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step_id = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    output = table.Column<string>(type: "text", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_task_steps", x => new { x.task_id, x.step_id });
                    table.ForeignKey(
                        name: "FK_task_steps_tasks_task_id",
                        column: x => x.task_id,
                        principalSchema: "scaffolder",
                        principalTable: "tasks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "task_workspaces",
                schema: "scaffolder",
                columns: table => new
                {
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_task_workspaces", x => x.task_id);
                    table.ForeignKey(
                        name: "FK_task_workspaces_tasks_task_id",
                        column: x => x.task_id,
                        principalSchema: "scaffolder",
                        principalTable: "tasks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_quota_reservations_entity_ref",
                schema: "scaffolder",
                table: "quota_reservations",
                column: "entity_ref",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_quota_reservations_resource_type_environment_owner",
                schema: "scaffolder",
                table: "quota_reservations",
                columns: new[] { "resource_type", "environment", "owner" });

            migrationBuilder.CreateIndex(
                name: "IX_task_events_task_id_id",
                schema: "scaffolder",
                table: "task_events",
                columns: new[] { "task_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_tasks_approval_id",
                schema: "scaffolder",
                table: "tasks",
                column: "approval_id");

            migrationBuilder.CreateIndex(
                name: "IX_tasks_created_at",
                schema: "scaffolder",
                table: "tasks",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_tasks_created_by_created_at",
                schema: "scaffolder",
                table: "tasks",
                columns: new[] { "created_by", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_tasks_status_queued_at",
                schema: "scaffolder",
                table: "tasks",
                columns: new[] { "status", "queued_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "quota_reservations",
                schema: "scaffolder");

            migrationBuilder.DropTable(
                name: "task_events",
                schema: "scaffolder");

            migrationBuilder.DropTable(
                name: "task_steps",
                schema: "scaffolder");

            migrationBuilder.DropTable(
                name: "task_workspaces",
                schema: "scaffolder");

            migrationBuilder.DropTable(
                name: "tasks",
                schema: "scaffolder");
        }
    }
}
