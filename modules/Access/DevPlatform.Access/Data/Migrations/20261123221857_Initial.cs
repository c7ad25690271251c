using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DevPlatform.Access.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "access");

            migrationBuilder.CreateTable(
                name: "approvals",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject_type = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    requested_by = table.Column<string>(type: "jsonb", nullable: false),
                    requester_ref = table.Column<string>(type: "text", nullable: false),
                    resource_ref = table.Column<string>(type: "text", nullable: true),
                    environment = table.Column<string>(type: "text", nullable: true),
                    rule = table.Column<string>(type: "jsonb", nullable: false),
                    approver_keys = table.Column<string[]>(type: "text[]", nullable: false),
                    votes = table.Column<string>(type: "jsonb", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    escalate_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    escalated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_approvals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "requests",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    requested_by = table.Column<string>(type: "jsonb", nullable: false),
                    requester_ref = table.Column<string>(type: "text", nullable: false),
                    username = table.Column<string>(type: "text", nullable: false),
                    resource_ref = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    environment = table.Column<string>(type: "text", nullable: false),
                    access_type = table.Column<string>(type: "text", nullable: false),
                    duration = table.Column<TimeSpan>(type: "interval", nullable: false),
                    maximum_duration = table.Column<TimeSpan>(type: "interval", nullable: false),
                    justification = table.Column<string>(type: "text", nullable: false),
                    urgent = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    start_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    teleport_resource = table.Column<string>(type: "text", nullable: false),
                    vault_role = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    approval_id = table.Column<Guid>(type: "uuid", nullable: true),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    activated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    message = table.Column<string>(type: "text", nullable: true),
                    extension_approval_id = table.Column<Guid>(type: "uuid", nullable: true),
                    extension_duration = table.Column<TimeSpan>(type: "interval", nullable: true),
                    extension_justification = table.Column<string>(type: "text", nullable: true),
                    teleport_request_id = table.Column<string>(type: "text", nullable: true),
                    teleport_generation = table.Column<int>(type: "integer", nullable: false),
                    teleport_due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    teleport_attempts = table.Column<int>(type: "integer", nullable: false),
                    credential_reserved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    credential_lease_id = table.Column<string>(type: "text", nullable: true),
                    credential_issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    credential_revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    credential_due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    credential_attempts = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_requests", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_approvals_approver_keys",
                schema: "access",
                table: "approvals",
                column: "approver_keys",
                filter: "state = 'Pending'")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "IX_approvals_expires_at",
                schema: "access",
                table: "approvals",
                column: "expires_at",
                filter: "state = 'Pending'");

            migrationBuilder.CreateIndex(
                name: "IX_approvals_requester_ref_id",
                schema: "access",
                table: "approvals",
                columns: new[] { "requester_ref", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_approval_id",
                schema: "access",
                table: "requests",
                column: "approval_id");

            migrationBuilder.CreateIndex(
                name: "IX_requests_credential_due_at",
                schema: "access",
                table: "requests",
                column: "credential_due_at",
                filter: "credential_due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_requests_expires_at",
                schema: "access",
                table: "requests",
                column: "expires_at",
                filter: "state = 'Active'");

            migrationBuilder.CreateIndex(
                name: "IX_requests_requester_ref_id",
                schema: "access",
                table: "requests",
                columns: new[] { "requester_ref", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_resource_ref_id",
                schema: "access",
                table: "requests",
                columns: new[] { "resource_ref", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_teleport_due_at",
                schema: "access",
                table: "requests",
                column: "teleport_due_at",
                filter: "teleport_due_at IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "approvals",
                schema: "access");

            migrationBuilder.DropTable(
                name: "requests",
                schema: "access");
        }
    }
}
