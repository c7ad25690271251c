using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DevPlatform.Catalog.Storage.Migrations
{
    /// <inheritdoc />
    public partial class AddedAnnotations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "backup",
                schema: "catalog",
                table: "claims",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "added_annotations",
                schema: "catalog",
                columns: table => new
                {
                    provider = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    entity_ref = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    annotations = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_added_annotations", x => new { x.provider, x.source, x.entity_ref });
                });

            migrationBuilder.CreateIndex(
                name: "ix_added_annotations_entity_ref",
                schema: "catalog",
                table: "added_annotations",
                column: "entity_ref");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "added_annotations",
                schema: "catalog");

            migrationBuilder.DropColumn(
                name: "backup",
                schema: "catalog",
                table: "claims");
        }
    }
}
