using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DevPlatform.Catalog.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Providers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "provider_version",
                schema: "catalog",
                table: "roots",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "orphaned_at",
                schema: "catalog",
                table: "entities",
                type: "timestamp with time zone",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "provider_version",
                schema: "catalog",
                table: "roots");

            migrationBuilder.DropColumn(
                name: "orphaned_at",
                schema: "catalog",
                table: "entities");
        }
    }
}
