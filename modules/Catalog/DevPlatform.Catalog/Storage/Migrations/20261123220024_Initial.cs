using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace DevPlatform.Catalog.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "catalog");

            migrationBuilder.CreateTable(
                name: "changes",
                schema: "catalog",
                columns: table => new
                {
                    seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    entity_ref = table.Column<string>(type: "text", nullable: false),
                    change = table.Column<string>(type: "text", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_changes", x => x.seq);
                });

            migrationBuilder.CreateTable(
                name: "claims",
                schema: "catalog",
                columns: table => new
                {
                    resource = table.Column<string>(type: "text", nullable: false),
                    @namespace = table.Column<string>(name: "namespace", type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    entity_ref = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    message = table.Column<string>(type: "text", nullable: true),
                    environment = table.Column<string>(type: "text", nullable: true),
                    size = table.Column<string>(type: "text", nullable: true),
                    connection = table.Column<string>(type: "text", nullable: true),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_claims", x => new { x.resource, x.@namespace, x.name });
                });

            migrationBuilder.CreateTable(
                name: "entities",
                schema: "catalog",
                columns: table => new
                {
                    @ref = table.Column<string>(name: "ref", type: "text", nullable: false, collation: "C"),
                    uid = table.Column<Guid>(type: "uuid", nullable: false),
                    root_id = table.Column<Guid>(type: "uuid", nullable: false),
                    parent_ref = table.Column<string>(type: "text", nullable: true),
                    location = table.Column<string>(type: "text", nullable: false),
                    document = table.Column<string>(type: "text", nullable: false),
                    issues = table.Column<string>(type: "text", nullable: true),
                    final = table.Column<byte[]>(type: "bytea", nullable: false),
                    etag = table.Column<string>(type: "text", nullable: false),
                    lifecycle = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: true),
                    state_message = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_entities", x => x.@ref);
                });

            migrationBuilder.CreateTable(
                name: "relations",
                schema: "catalog",
                columns: table => new
                {
                    origin = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    target = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_relations", x => new { x.origin, x.type, x.target });
                });

            migrationBuilder.CreateTable(
                name: "roots",
                schema: "catalog",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<string>(type: "text", nullable: false),
                    dependencies = table.Column<string>(type: "text", nullable: true),
                    checked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    refresh_requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    has_conflicts = table.Column<bool>(type: "boolean", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_roots", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_changes_changed_at",
                schema: "catalog",
                table: "changes",
                column: "changed_at");

            migrationBuilder.CreateIndex(
                name: "ix_claims_entity_ref",
                schema: "catalog",
                table: "claims",
                column: "entity_ref");

            migrationBuilder.CreateIndex(
                name: "ix_entities_root_id",
                schema: "catalog",
                table: "entities",
                column: "root_id");

            migrationBuilder.CreateIndex(
                name: "ix_entities_uid",
                schema: "catalog",
                table: "entities",
                column: "uid",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_relations_target",
                schema: "catalog",
                table: "relations",
                columns: new[] { "target", "type" });

            migrationBuilder.CreateIndex(
                name: "ix_roots_target",
                schema: "catalog",
                table: "roots",
                columns: new[] { "kind", "type", "target" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "changes",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "claims",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "entities",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "relations",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "roots",
                schema: "catalog");
        }
    }
}
