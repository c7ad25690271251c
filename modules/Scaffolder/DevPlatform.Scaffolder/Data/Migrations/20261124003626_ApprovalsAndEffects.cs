using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DevPlatform.Scaffolder.Data.Migrations
{
    /// <inheritdoc />
    public partial class ApprovalsAndEffects : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid[]>(
                name: "given_approvals",
                schema: "scaffolder",
                table: "tasks",
                type: "uuid[]",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "approved_roles",
                schema: "scaffolder",
                table: "tasks",
                type: "text[]",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "awaited_roles",
                schema: "scaffolder",
                table: "tasks",
                type: "text[]",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "task_effects",
                schema: "scaffolder",
                columns: table => new
                {
                    task_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_task_effects", x => new { x.task_id, x.key });
                    table.ForeignKey(
                        name: "FK_task_effects_tasks_task_id",
                        column: x => x.task_id,
                        principalSchema: "scaffolder",
                        principalTable: "tasks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "task_effects",
                schema: "scaffolder");

            migrationBuilder.DropColumn(
                name: "approved_roles",
                schema: "scaffolder",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "awaited_roles",
                schema: "scaffolder",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "given_approvals",
                schema: "scaffolder",
                table: "tasks");
        }
    }
}
