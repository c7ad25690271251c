using DevPlatform.Catalog.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DevPlatform.Catalog.Search;

/// <summary>A section of an entity's documentation, as search finds it.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Text">Plain text, no markup; its first 50,000 characters are searched.</param>
/// <param name="Path">Page and anchor, relative to the documentation's root: <c>guide/#install</c>.</param>
internal sealed record DocumentSection(string Title, string Text, string Path);

/// <summary>What search knows of documentation: type <c>techdocs</c>, visible to whoever may see the entity, gone with it.</summary>
public sealed class SearchDocuments(CatalogDbContext db)
{
    /// <summary>Makes an entity's documentation what <paramref name="sections"/> say; none removes it.</summary>
    /// <returns>False when the catalog has no such entity; nothing is stored then.</returns>
    internal async Task<bool> ReplaceAsync(string entityRef, IReadOnlyList<DocumentSection> sections, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var stored = await SearchTables.StoreSectionsAsync((NpgsqlConnection)db.Database.GetDbConnection(), entityRef, sections, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return stored;
    }
}
