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
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SubjectType = table.Column<string>(type: "text", nullable: false),
                    SubjectId = table.Column<string>(type: "text", nullable: false),
                    Title = table.Column<string>(type: "text", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    RequestedBy = table.Column<string>(type: "jsonb", nullable: false),
                    RequesterRef = table.Column<string>(type: "text", nullable: false),
                    ResourceRef = table.Column<string>(type: "text", nullable: true),
                    Environment = table.Column<string>(type: "text", nullable: true),
                    Rule = table.Column<string>(type: "jsonb", nullable: false),
                    ApproverKeys = table.Column<string[]>(type: "text[]", nullable: false),
                    Votes = table.Column<string>(type: "jsonb", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EscalateAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EscalatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    DecidedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_approvals", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "requests",
                schema: "access",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    RequestedBy = table.Column<string>(type: "jsonb", nullable: false),
                    RequesterRef = table.Column<string>(type: "text", nullable: false),
                    Username = table.Column<string>(type: "text", nullable: false),
                    ResourceRef = table.Column<string>(type: "text", nullable: false),
                    Target = table.Column<string>(type: "text", nullable: false),
                    Environment = table.Column<string>(type: "text", nullable: false),
                    AccessType = table.Column<string>(type: "text", nullable: false),
                    Duration = table.Column<TimeSpan>(type: "interval", nullable: false),
                    MaximumDuration = table.Column<TimeSpan>(type: "interval", nullable: false),
                    Justification = table.Column<string>(type: "text", nullable: false),
                    Urgent = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    StartAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    TeleportResource = table.Column<string>(type: "text", nullable: false),
                    VaultRole = table.Column<string>(type: "text", nullable: true),
                    State = table.Column<string>(type: "text", nullable: false),
                    ApprovalId = table.Column<Guid>(type: "uuid", nullable: true),
                    ApprovedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ActivatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Message = table.Column<string>(type: "text", nullable: true),
                    Extension_ApprovalId = table.Column<Guid>(type: "uuid", nullable: true),
                    Extension_Duration = table.Column<TimeSpan>(type: "interval", nullable: true),
                    Extension_Justification = table.Column<string>(type: "text", nullable: true),
                    Teleport_RequestId = table.Column<string>(type: "text", nullable: true),
                    Teleport_Generation = table.Column<int>(type: "integer", nullable: false),
                    Teleport_DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Teleport_Attempts = table.Column<int>(type: "integer", nullable: false),
                    Credential_ReservedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Credential_LeaseId = table.Column<string>(type: "text", nullable: true),
                    Credential_IssuedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Credential_RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Credential_DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Credential_Attempts = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_requests", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_approvals_ApproverKeys",
                schema: "access",
                table: "approvals",
                column: "ApproverKeys",
                filter: "\"State\" = 'Pending'")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "IX_approvals_ExpiresAt",
                schema: "access",
                table: "approvals",
                column: "ExpiresAt",
                filter: "\"State\" = 'Pending'");

            migrationBuilder.CreateIndex(
                name: "IX_approvals_RequesterRef_Id",
                schema: "access",
                table: "approvals",
                columns: new[] { "RequesterRef", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_ApprovalId",
                schema: "access",
                table: "requests",
                column: "ApprovalId");

            migrationBuilder.CreateIndex(
                name: "IX_requests_Credential_DueAt",
                schema: "access",
                table: "requests",
                column: "Credential_DueAt",
                filter: "\"Credential_DueAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_requests_ExpiresAt",
                schema: "access",
                table: "requests",
                column: "ExpiresAt",
                filter: "\"State\" = 'Active'");

            migrationBuilder.CreateIndex(
                name: "IX_requests_RequesterRef_Id",
                schema: "access",
                table: "requests",
                columns: new[] { "RequesterRef", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_ResourceRef_Id",
                schema: "access",
                table: "requests",
                columns: new[] { "ResourceRef", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_Teleport_DueAt",
                schema: "access",
                table: "requests",
                column: "Teleport_DueAt",
                filter: "\"Teleport_DueAt\" IS NOT NULL");
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
