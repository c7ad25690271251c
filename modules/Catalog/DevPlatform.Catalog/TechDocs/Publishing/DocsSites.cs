using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Search;
using DevPlatform.Catalog.TechDocs.Sources;
using Npgsql;

namespace DevPlatform.Catalog.TechDocs.Publishing;

/// <summary>A published site as the database knows it.</summary>
/// <param name="Commit">The commit last looked at.</param>
/// <param name="Revision">Changes when the documentation does.</param>
/// <param name="Metadata"><c>techdocs_metadata.json</c>.</param>
/// <param name="IsSearchable">Whether search knows its sections.</param>
internal sealed record PublishedSite(string Commit, string Revision, string Metadata, bool IsSearchable);

/// <summary>Which documentation is published, and what search finds of it: the same for all replicas.</summary>
internal sealed class DocsSites(NpgsqlDataSource dataSource)
{
    private const string IsSearchable = $"exists (select from catalog.search_documents d where d.entity_ref = s.entity_ref and d.type = '{SearchTypes.TechDocs}')";

    /// <summary>The site of an entity, unless it was built from another place than where its documentation is now.</summary>
    public async Task<PublishedSite?> FindAsync(DocsSource source, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"select commit, revision, metadata, {IsSearchable} from catalog.techdocs_sites s where entity_ref = $1 and source = $2");
        command.Parameters.AddWithValue(source.EntityRef);
        command.Parameters.AddWithValue(source.Key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new PublishedSite(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3)) : null;
    }

    /// <summary>Entity, source and commit last looked at, of all sites that search knows.</summary>
    public async Task<HashSet<(string EntityRef, string Source, string Commit)>> CommitsAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"select entity_ref, source, commit from catalog.techdocs_sites s where {IsSearchable}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var all = new HashSet<(string, string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return all;
    }

    public async Task PublishAsync(
        DocsSource source, string commit, string revision, JsonObject metadata, IEnumerable<DocumentSection> sections, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            insert into catalog.techdocs_sites (entity_ref, source, commit, revision, metadata, built_at)
            select ref, $2, $3, $4, $5, $6 from catalog.entities where ref = $1
            on conflict (entity_ref) do update
            set source = excluded.source, commit = excluded.commit, revision = excluded.revision, metadata = excluded.metadata, built_at = excluded.built_at
            """, connection);
        command.Parameters.AddWithValue(source.EntityRef);
        command.Parameters.AddWithValue(source.Key);
        command.Parameters.AddWithValue(commit);
        command.Parameters.AddWithValue(revision);
        command.Parameters.AddWithValue(EntityJson.Write(metadata));
        command.Parameters.AddWithValue(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await SearchTables.StoreSectionsAsync(connection, source.EntityRef, [.. sections], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Forgets a site whose documentation is gone.</summary>
    public async Task RemoveAsync(string entityRef, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"with gone as (delete from catalog.techdocs_sites where entity_ref = $1) delete from catalog.search_documents where entity_ref = $1 and type = '{SearchTypes.TechDocs}'");
        command.Parameters.AddWithValue(entityRef);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Notes that a later commit left the documentation as it was.</summary>
    public async Task LookedAtAsync(DocsSource source, string commit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("update catalog.techdocs_sites set commit = $2 where entity_ref = $1");
        command.Parameters.AddWithValue(source.EntityRef);
        command.Parameters.AddWithValue(commit);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
