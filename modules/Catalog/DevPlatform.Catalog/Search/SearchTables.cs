using DevPlatform.Catalog.Ingestion;
using Npgsql;
using NpgsqlTypes;

namespace DevPlatform.Catalog.Search;

/// <summary>Writes what search finds, inside the transaction that changes what it is about.</summary>
internal static class SearchTables
{
    // A vector of words has at most a megabyte; what comes after this is not found, but does no harm.
    private const int MaxTextLength = 50_000;
    private const int MaxTitleLength = 1000;

    public static async Task StoreEntitiesAsync(NpgsqlConnection connection, IReadOnlyList<StitchedEntity> entities, CancellationToken cancellationToken)
    {
        if (entities.Count == 0)
        {
            return;
        }

        var documents = entities.Select(entity => SearchDocument.Of(entity.Final)).ToList();
        await using var command = new NpgsqlCommand(
            $"""
            with undocumented as (delete from catalog.search_documents where type = '{SearchTypes.TechDocs}' and entity_ref = any($5))
            insert into catalog.search_documents as d (entity_ref, type, ordinal, title, text, path, terms)
            select entity_ref, '{SearchTypes.Catalog}', 0, title, text, '', terms from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as n(entity_ref, title, text, terms)
            on conflict (entity_ref, type, ordinal) do update set title = excluded.title, text = excluded.text, terms = excluded.terms
              where (d.title, d.text, d.terms) <> (excluded.title, excluded.text, excluded.terms)
            """, connection);
        command.Parameters.Add(Texts(entities.Select(e => e.Ref), MaxTitleLength));
        command.Parameters.Add(Texts(documents.Select(d => d.Title), MaxTitleLength));
        command.Parameters.Add(Texts(documents.Select(d => d.Text), MaxTextLength));
        command.Parameters.Add(Texts(documents.Select(d => d.Terms), MaxTextLength));
        command.Parameters.Add(Texts(entities.Zip(documents).Where(pair => !pair.Second.HasDocumentation).Select(pair => pair.First.Ref), MaxTitleLength));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Makes an entity's documentation what <paramref name="sections"/> say; none removes it. Where there is no such entity, nothing is stored.</summary>
    public static async Task StoreSectionsAsync(
        NpgsqlConnection connection, string entityRef, IReadOnlyList<DocumentSection> sections, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            with entity as (select ref from catalog.entities where ref = $1 for key share),
            gone as (delete from catalog.search_documents where entity_ref = $1 and type = '{SearchTypes.TechDocs}' and ordinal >= cardinality($2::text[]))
            insert into catalog.search_documents as d (entity_ref, type, ordinal, title, text, path, terms)
            select e.ref, '{SearchTypes.TechDocs}', n.ordinal - 1, n.title, n.text, n.path, ''
            from entity e, unnest($2::text[], $3::text[], $4::text[]) with ordinality as n(title, text, path, ordinal)
            on conflict (entity_ref, type, ordinal) do update set title = excluded.title, text = excluded.text, path = excluded.path
              where (d.title, d.text, d.path) <> (excluded.title, excluded.text, excluded.path)
            """, connection);
        command.Parameters.AddWithValue(entityRef);
        command.Parameters.Add(Texts(sections.Select(s => s.Title), MaxTitleLength));
        command.Parameters.Add(Texts(sections.Select(s => s.Text), MaxTextLength));
        command.Parameters.Add(Texts(sections.Select(s => s.Path), MaxTitleLength));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Texts(IEnumerable<string> values, int maxLength) => new()
    {
        Value = values.Select(value => Storable(value, maxLength)).ToArray(),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };

    // PostgreSQL's text holds no NUL, and the cut must not leave half a character.
    private static string Storable(string text, int maxLength)
    {
        var cut = text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
        return cut.Replace("\0", "", StringComparison.Ordinal);
    }
}
