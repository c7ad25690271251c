using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Processors;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Storage;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using DevPlatform.Shared.Messaging;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Catalog.Edits;

/// <summary>
/// Changes entities where they are defined: a change is a commit to the repository of the entity's file, authored by who asks for it (INV-4, boundary
/// B10). The catalog then reads the file again before it answers.
/// </summary>
internal sealed class EntityEdits(
    IGitCommits commits, SourceReader reader, EntityPipeline pipeline, Ingestor ingestor, CatalogWriter writer, Outbox<CatalogDbContext> outbox, IAuditTrail audit, ChangeFeed feed)
{
    /// <summary>Sets fields of an entity in its file.</summary>
    /// <returns>The commit; null when the file already says so.</returns>
    public async Task<string?> SetAsync(
        IndexedEntity entity, IReadOnlyList<(string[] Path, JsonNode? Value)> fields, Actor actor, string action, CancellationToken cancellationToken)
    {
        var file = FileOf(entity);
        await CheckAsync(entity, file, fields, cancellationToken);
        var commit = await commits.CommitAsync(
            file.CloneUrl, file.Reference,
            snapshot => [new GitChange(file.Path, Encoding.UTF8.GetBytes(YamlEdit.Set(snapshot.ReadText(file.Path), entity.Ref, fields)))],
            Signature(actor, $"Catalog: change {string.Join(", ", fields.Select(f => string.Join('.', f.Path)))} of {entity.Ref}"),
            cancellationToken);
        await DoneAsync(entity, commit, actor, action, Values(entity, fields), new JsonObject(fields.Select(Pair)).ToJsonString(EntityJson.Options), cancellationToken);
        return commit;

        static KeyValuePair<string, JsonNode?> Pair((string[] Path, JsonNode? Value) field) => new(string.Join('.', field.Path), field.Value?.DeepClone());
    }

    /// <summary>Removes an entity from its file, and the file when it holds nothing else.</summary>
    public async Task<string?> RemoveAsync(IndexedEntity entity, Actor actor, CancellationToken cancellationToken)
    {
        var file = FileOf(entity);
        // A file that a Location names must stay, or the Location would be in error.
        var isRepository = await outbox.DbContext.Roots.AnyAsync(r => r.Id == entity.RootId && r.Type == RootType.Repository, cancellationToken);
        var commit = await commits.CommitAsync(
            file.CloneUrl, file.Reference,
            snapshot => [new GitChange(file.Path, YamlEdit.Remove(snapshot.ReadText(file.Path), entity.Ref) is { } rest
                ? Encoding.UTF8.GetBytes(rest)
                : isRepository ? null : "# The catalog entity that was described here is deleted.\n"u8.ToArray())],
            Signature(actor, $"Catalog: delete {entity.Ref}"), cancellationToken);
        await DoneAsync(entity, commit, actor, "catalog.entity.delete", Encoding.UTF8.GetString(entity.Json), null, cancellationToken);
        await writer.RemoveEntityAsync(entity.Ref, ChangeCause.Of(actor), cancellationToken);
        return commit;
    }

    /// <summary>Writes or (null) removes a file of an entity's documentation.</summary>
    public async Task<string?> WriteDocsAsync(IndexedEntity entity, string path, byte[]? content, Actor actor, CancellationToken cancellationToken)
    {
        var file = FileOf(entity);
        var commit = await commits.CommitAsync(
            file.CloneUrl, file.Reference, snapshot =>
            {
                var target = DocsPath.Of(entity, file, snapshot, path);
                return content is null && snapshot.Find(target) is null
                    ? throw new NotFoundException($"{entity.Ref} has no documentation file \"{path}\"")
                    : [new GitChange(target, content)];
            },
            Signature(actor, $"Docs: {(content is null ? "remove" : "change")} {path} of {entity.Ref}"), cancellationToken);
        await DoneAsync(entity, commit, actor, "catalog.entity.docs", null, JsonSerializer.Serialize(new { path, bytes = content?.Length }), cancellationToken);
        return commit;
    }

    /// <summary>The file that defines an entity.</summary>
    /// <exception cref="ConflictException">It is not in Git, or at a fixed commit.</exception>
    private static GitUrl FileOf(IndexedEntity entity)
    {
        using var document = JsonDocument.Parse(entity.Json);
        var location = document.RootElement.GetProperty("metadata").GetProperty("annotations").GetProperty(EntityJson.ManagedByLocation).GetString()!;
        return location.StartsWith("url:", StringComparison.Ordinal) && GitUrl.TryParse(location[4..], out var file) && file.Path.Length > 0
            ? file
            : throw new ConflictException($"{entity.Ref} comes from {location}, which is no file in a Git repository: change it there");
    }

    // What the file will say must be a valid entity, with its placeholders as they will be.
    private async Task CheckAsync(IndexedEntity entity, GitUrl file, IReadOnlyList<(string[] Path, JsonNode? Value)> fields, CancellationToken cancellationToken)
    {
        var session = new ReadSession();
        var target = file.ToString();
        var text = await reader.ReadTextAsync("url", target, session, cancellationToken);
        var after = YamlDocuments.Parse(YamlEdit.Set(text, entity.Ref, fields), new YamlLimits()).First(d => EntityJson.TryRef(d.Node) == entity.Ref);
        var context = new ProcessingContext("url", target, $"url:{target}", (path, token) => reader.ReadTextAsync("url", Provenance.Resolve("url", target, path), session, token));
        var problems = await pipeline.RunAsync(after.Node, context, cancellationToken);
        if (problems.Count > 0)
        {
            throw new InputException(string.Join("; ", problems.Select(problem => problem.Message)));
        }
    }

    private async Task DoneAsync(IndexedEntity entity, string? commit, Actor actor, string action, string? before, string? after, CancellationToken cancellationToken)
    {
        if (commit is null)
        {
            return;
        }

        await outbox.PublishAsync(audit.Event(actor, action, entity.Ref, AuditResult.Success, commit: commit) with { Before = before, After = after });
        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
        await ingestor.RefreshAsync(entity.RootId, new ReadSession(), cancellationToken);
        await feed.CatchUpAsync(cancellationToken);
    }

    private static string Values(IndexedEntity entity, IReadOnlyList<(string[] Path, JsonNode? Value)> fields)
    {
        var json = JsonNode.Parse(entity.Json);
        return new JsonObject(fields.Select(field => new KeyValuePair<string, JsonNode?>(
            string.Join('.', field.Path), field.Path.Aggregate(json, (node, name) => (node as JsonObject)?[name])?.DeepClone()))).ToJsonString(EntityJson.Options);
    }

    private static GitSignature Signature(Actor actor, string message)
    {
        var username = actor.UserRef[(actor.UserRef.LastIndexOf('/') + 1)..];
        return new GitSignature(
            Clean(actor.Name) is { Length: > 0 } name ? name : username,
            Clean(actor.Email) is { Length: > 0 } email ? email : $"{username}@users.noreply.devplatform.io",
            $"{message}\n\nRequested-by: {actor.UserRef}");
    }

    // A line break or bracket in a name would make trailers and authors of the caller's choosing.
    private static string? Clean(string? text) => text is null ? null : string.Concat(text.Where(c => !char.IsControl(c) && c is not '<' and not '>')).Trim();
}
