using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DevPlatform.Access.Data.Migrations
{
    /// <inheritdoc />
    public partial class RequestStates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_requests_state_id",
                schema: "access",
                table: "requests",
                columns: new[] { "state", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_requests_state_id",
                schema: "access",
                table: "requests");
        }
    }
}
