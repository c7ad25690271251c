using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using NpgsqlTypes;

#nullable disable

namespace DevPlatform.Catalog.Storage.Migrations
{
    /// <inheritdoc />
    public partial class HistoryAndSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "entity",
                schema: "catalog",
                table: "changes",
                type: "bytea",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "history",
                schema: "catalog",
                columns: table => new
                {
                    seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    entity_ref = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    change = table.Column<string>(type: "text", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    task_id = table.Column<string>(type: "text", nullable: true),
                    source = table.Column<string>(type: "text", nullable: true),
                    revision = table.Column<string>(type: "text", nullable: true),
                    lifecycle_from = table.Column<string>(type: "text", nullable: true),
                    lifecycle_to = table.Column<string>(type: "text", nullable: true),
                    owner_from = table.Column<string>(type: "text", nullable: true),
                    owner_to = table.Column<string>(type: "text", nullable: true),
                    fields = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_history", x => x.seq);
                });

            migrationBuilder.CreateTable(
                name: "search_documents",
                schema: "catalog",
                columns: table => new
                {
                    entity_ref = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false),
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    terms = table.Column<string>(type: "text", nullable: false),
                    words = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: true, computedColumnSql: "setweight((to_tsvector('simple', regexp_replace(title, '[\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e]+', ' ', 'g')) || to_tsvector('english', regexp_replace(title, '[\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e]+', ' ', 'g'))), 'A') || setweight((to_tsvector('simple', regexp_replace(text, '[\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e]+', ' ', 'g')) || to_tsvector('english', regexp_replace(text, '[\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e]+', ' ', 'g'))), 'B') || setweight((to_tsvector('simple', regexp_replace(terms, '[\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e]+', ' ', 'g')) || to_tsvector('english', regexp_replace(terms, '[\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e]+', ' ', 'g'))), 'D')", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_search_documents", x => new { x.entity_ref, x.type, x.ordinal });
                    table.ForeignKey(
                        name: "fk_search_documents_entity",
                        column: x => x.entity_ref,
                        principalSchema: "catalog",
                        principalTable: "entities",
                        principalColumn: "ref",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_history_at",
                schema: "catalog",
                table: "history",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_history_entity_ref",
                schema: "catalog",
                table: "history",
                columns: new[] { "entity_ref", "seq" });

            migrationBuilder.CreateIndex(
                name: "ix_search_documents_words",
                schema: "catalog",
                table: "search_documents",
                column: "words")
                .Annotation("Npgsql:IndexMethod", "gin");

            // What is stored already is found, too.
            migrationBuilder.Sql(
                """
                insert into catalog.search_documents (entity_ref, type, ordinal, title, text, path, terms)
                select ref, 'software-catalog', 0, left(coalesce(entity #>> '{metadata,title}', entity #>> '{metadata,name}'), 1000),
                  left(coalesce(entity #>> '{metadata,description}', ''), 50000), '',
                  concat_ws(' ', entity ->> 'kind', entity #>> '{metadata,namespace}', entity #>> '{metadata,name}', entity #>> '{spec,type}', entity #>> '{spec,lifecycle}', entity #>> '{spec,owner}')
                from (select ref, convert_from(final, 'UTF8')::json as entity from catalog.entities where etag <> '') e
                """);

            // For terms that are misspelt. Who may not create it, or has no such extension, has search without it.
            migrationBuilder.Sql(
                """
                do $$ begin
                  if exists (select from pg_available_extensions where name = 'pg_trgm') then create extension if not exists pg_trgm schema catalog; end if;
                exception when insufficient_privilege then raise notice 'pg_trgm is not created: %', sqlerrm;
                end $$
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "history",
                schema: "catalog");

            migrationBuilder.DropTable(
                name: "search_documents",
                schema: "catalog");

            migrationBuilder.DropColumn(
                name: "entity",
                schema: "catalog",
                table: "changes");
        }
    }
}
