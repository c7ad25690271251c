using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace DevPlatform.Catalog.Storage;

/// <summary>What search finds: an entity, or a section of its documentation. It goes when the entity goes.</summary>
public sealed class SearchDocumentRow
{
    public required string EntityRef { get; set; }

    /// <summary><c>software-catalog</c> or <c>techdocs</c>.</summary>
    public required string Type { get; set; }

    /// <summary>Its place among the entity's documents of that type.</summary>
    public int Ordinal { get; set; }

    public required string Title { get; set; }

    public required string Text { get; set; }

    /// <summary>Page and anchor, relative to the documentation's root; empty for an entity.</summary>
    public required string Path { get; set; }

    /// <summary>Further words that it is found by: kind, owner, tags.</summary>
    public required string Terms { get; set; }

    /// <summary>Words, by weight: title (A), text (B), the rest (D). PostgreSQL computes it.</summary>
    public NpgsqlTsVector? Words { get; set; }
}

internal sealed class SearchDocumentConfiguration : IEntityTypeConfiguration<SearchDocumentRow>
{
    public void Configure(EntityTypeBuilder<SearchDocumentRow> document)
    {
        document.ToTable("search_documents");
        document.HasKey(d => new { d.EntityRef, d.Type, d.Ordinal });
        document.Property(d => d.EntityRef).HasColumnName("entity_ref").UseCollation("C");
        document.Property(d => d.Type).HasColumnName("type");
        document.Property(d => d.Ordinal).HasColumnName("ordinal");
        document.Property(d => d.Title).HasColumnName("title");
        document.Property(d => d.Text).HasColumnName("text");
        document.Property(d => d.Path).HasColumnName("path");
        document.Property(d => d.Terms).HasColumnName("terms");
        document.Property(d => d.Words).HasColumnName("words").HasComputedColumnSql(
            $"setweight({Vector("title")}, 'A') || setweight({Vector("text")}, 'B') || setweight({Vector("terms")}, 'D')", stored: true);
        document.HasIndex(d => d.Words).HasMethod("gin").HasDatabaseName("ix_search_documents_words");
        document.HasOne<EntityRow>().WithMany().HasForeignKey(d => d.EntityRef).OnDelete(DeleteBehavior.Cascade).HasConstraintName("fk_search_documents_entity");
    }

    // Punctuation parts words, so that "orders" finds orders-db and orders.v2. Words as written serve prefixes, their stems serve other forms.
    private static string Vector(string column)
    {
        var words = $@"regexp_replace({column}, '[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]+', ' ', 'g')";
        return $"(to_tsvector('simple', {words}) || to_tsvector('english', {words}))";
    }
}
