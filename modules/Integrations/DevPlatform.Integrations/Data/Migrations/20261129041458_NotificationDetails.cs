using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DevPlatform.Integrations.Data.Migrations
{
    /// <inheritdoc />
    public partial class NotificationDetails : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<List<string>>(
                name: "excluded",
                schema: "integrations",
                table: "notifications",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "metadata",
                schema: "integrations",
                table: "notifications",
                type: "json",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "excluded",
                schema: "integrations",
                table: "notifications");

            migrationBuilder.DropColumn(
                name: "metadata",
                schema: "integrations",
                table: "notifications");
        }
    }
}
