using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DevPlatform.Catalog.Storage.Migrations
{
    /// <inheritdoc />
    public partial class TechDocs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "techdocs_sites",
                schema: "catalog",
                columns: table => new
                {
                    entity_ref = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source = table.Column<string>(type: "text", nullable: false),
                    commit = table.Column<string>(type: "text", nullable: false),
                    revision = table.Column<string>(type: "text", nullable: false),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    built_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_techdocs_sites", x => x.entity_ref);
                    table.ForeignKey(
                        name: "fk_techdocs_sites_entity",
                        column: x => x.entity_ref,
                        principalSchema: "catalog",
                        principalTable: "entities",
                        principalColumn: "ref",
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "techdocs_sites",
                schema: "catalog");
        }
    }
}
