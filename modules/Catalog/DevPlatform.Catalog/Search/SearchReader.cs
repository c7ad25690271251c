using Npgsql;
using NpgsqlTypes;

namespace DevPlatform.Catalog.Search;

/// <summary>A document that was found.</summary>
internal sealed record SearchHit(string EntityRef, string Type, int Ordinal);

/// <summary>What is shown of a document that was found; marked texts are null where nothing was asked for.</summary>
internal sealed record SearchExcerpt(string Title, string Text, string Path, string? MarkedTitle, string? MarkedText);

/// <summary>Asks PostgreSQL's full text search. Words match by prefix and by stem; all of them have to.</summary>
internal sealed class SearchReader(NpgsqlDataSource dataSource)
{
    /// <summary>Marks what matched; no text has these.</summary>
    public static readonly string PreTag = $"<{Guid.NewGuid():n}>";

    /// <summary>Ends what <see cref="PreTag"/> begins.</summary>
    public static readonly string PostTag = $"</{PreTag[1..]}";

    private const double MinSimilarity = 0.4;

    private string? _similarity;

    /// <summary>
    /// Everything that matches, best first: an equal title, then by where the words are (title, text, the rest), then by ref. Without words, everything.
    /// </summary>
    public async Task<List<SearchHit>> FindAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (query.Term.Length == 0)
        {
            return await ReadHitsAsync(
                "select entity_ref, type, ordinal from catalog.search_documents where type = any($1) order by type, entity_ref, ordinal", cancellationToken, Texts(query.Types));
        }

        if (query.Words.Count == 0)
        {
            return [];
        }

        return await ReadHitsAsync(
            $"""
            with q as (select {WordQuery(query.Words, 2)} as words)
            select entity_ref, type, ordinal from catalog.search_documents d, q where d.words @@ q.words and type = any($1)
            order by lower(title) = lower($2) desc, ts_rank(d.words, q.words, 1) desc, type, entity_ref, ordinal
            """, cancellationToken, [Texts(query.Types), Text(query.Term), .. query.Words.Select(word => Text(word + ":*"))]);
    }

    /// <summary>Entities and sections whose titles have something like each of the words, most alike first; none where PostgreSQL lacks <c>pg_trgm</c>.</summary>
    public async Task<List<SearchHit>> FindSimilarAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        _similarity ??= await SimilarityAsync(cancellationToken);
        return _similarity.Length == 0 || query.Words.Count == 0 ? [] : await ReadHitsAsync(
            $"""
            select entity_ref, type, ordinal from (select *, (select min({_similarity}(word, title)) from unnest($2) as word) as alike from catalog.search_documents where type = any($1)) d
            where alike >= {MinSimilarity.ToString(System.Globalization.CultureInfo.InvariantCulture)} order by alike desc, type, entity_ref, ordinal
            """, cancellationToken, Texts(query.Types), Texts(query.Words));
    }

    /// <summary>What a page shows.</summary>
    public async Task<Dictionary<SearchHit, SearchExcerpt>> ReadAsync(SearchQuery query, IReadOnlyList<SearchHit> hits, CancellationToken cancellationToken)
    {
        var marked = query.Words.Count > 0;
        var marks = $"StartSel=\"{PreTag}\", StopSel=\"{PostTag}\"";
        await using var command = dataSource.CreateCommand(
            $"""
            with q as (select {(marked ? WordQuery(query.Words, 3) : "null::tsquery")} as words)
            select d.entity_ref, d.type, d.ordinal, d.title, d.text, d.path,
              ts_headline('simple', d.title, q.words, '{marks}, HighlightAll=true'), ts_headline('simple', d.text, q.words, '{marks}')
            from catalog.search_documents d join unnest($1::text[], $2::text[], $3::int[]) as h(entity_ref, type, ordinal) using (entity_ref, type, ordinal), q
            """);
        command.Parameters.Add(Texts(hits.Select(h => h.EntityRef)));
        command.Parameters.Add(Texts(hits.Select(h => h.Type)));
        command.Parameters.Add(new NpgsqlParameter { Value = hits.Select(h => h.Ordinal).ToArray() });
        command.Parameters.AddRange(query.Words.Select(word => Text(word + ":*")).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var excerpts = new Dictionary<SearchHit, SearchExcerpt>();
        while (await reader.ReadAsync(cancellationToken))
        {
            excerpts[new SearchHit(reader.GetString(0), reader.GetString(1), reader.GetInt32(2))] = new SearchExcerpt(
                reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7));
        }

        return excerpts;
    }

    private static string WordQuery(IReadOnlyList<string> words, int before) =>
        string.Join(" && ", words.Select((_, i) => $"(to_tsquery('simple', ${before + i + 1}) || to_tsquery('english', ${before + i + 1}))"));

    // The extension may live in any schema, or nowhere.
    private async Task<string> SimilarityAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "select quote_ident(n.nspname) || '.word_similarity' from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'");
        return (string?)await command.ExecuteScalarAsync(cancellationToken) ?? "";
    }

    private async Task<List<SearchHit>> ReadHitsAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var hits = new List<SearchHit>();
        while (await reader.ReadAsync(cancellationToken))
        {
            hits.Add(new SearchHit(reader.GetString(0), reader.GetString(1), reader.GetInt32(2)));
        }

        return hits;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
