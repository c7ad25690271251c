using System.Globalization;
using System.Text;
using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Queries;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Storage;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Catalog.History;

/// <summary>From one value to another; null stands for none.</summary>
internal sealed record Transition(string? From, string? To);

/// <summary>A change of an entity.</summary>
/// <param name="Id">Number of the change; later changes have higher ones.</param>
/// <param name="At">When it was stored.</param>
/// <param name="Change"><c>registered</c>, <c>discovered</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="By">A user's entity ref, or the part of the platform: <c>ingestion</c>, <c>discovery</c>, <c>crossplane</c>.</param>
/// <param name="TaskId">The scaffolder task behind it.</param>
/// <param name="Source">The file, <c>&lt;type&gt;:&lt;target&gt;</c>.</param>
/// <param name="Revision">The commit of that file.</param>
/// <param name="Lifecycle">States of RFC §5.6.3; null where it stayed.</param>
/// <param name="Owner">Owner refs; null where the owner stayed.</param>
/// <param name="Fields">Fields whose values changed, with values of at most 1,000 characters.</param>
internal sealed record HistoryItem(
    long Id, DateTimeOffset At, string Change, string By, string? TaskId, string? Source, string? Revision, Transition? Lifecycle, Transition? Owner, JsonElement? Fields);

/// <summary>A page of history, newest first.</summary>
internal sealed record HistoryPage(IReadOnlyList<HistoryItem> Items, HistoryPageInfo PageInfo);

/// <summary>Where the next, older page begins; null on the last one.</summary>
internal sealed record HistoryPageInfo(string? NextCursor);

/// <summary><c>GET /entities/by-name/{kind}/{namespace}/{name}/history</c>.</summary>
internal static class HistoryEndpoint
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;

    public static void Map(IEndpointRouteBuilder catalog) => catalog.MapGet("/entities/by-name/{kind}/{namespace}/{name}/history", ListAsync)
        .RequirePermission(CatalogPermissions.EntityRead)
        .WithSummary("Who or what changed which field of an entity when; newest first")
        .WithDescription(
            $"Query: only=lifecycle|owner (transitions only), limit (1 to {MaxLimit}, default {DefaultLimit}), cursor. The history of a removed entity is shown to callers who may see every entity.")
        .Produces<HistoryPage>();

    private static async Task<IResult> ListAsync(HttpContext context, ChangeFeed feed, CatalogDbContext db, string kind, string @namespace, string name)
    {
        var query = context.Request.Query;
        var limit = query.Number("limit", 1) ?? DefaultLimit;
        if (limit > MaxLimit)
        {
            throw InputException.For("limit", limit, $"a whole number from 1 to {MaxLimit}");
        }

        var before = query["cursor"] is [{ } cursor, ..] ? ParseCursor(cursor) : long.MaxValue;
        var entityRef = new EntityRef(kind, @namespace, name).ToString();
        var rows = db.History.AsNoTracking().Where(h => h.EntityRef == entityRef);
        if (context.Visible() is not null || !await rows.AnyAsync(context.RequestAborted))
        {
            // An entity older than its history has none, but is there.
            await GetEntities.FindAsync(context, feed, kind, @namespace, name);
        }

        rows = query["only"].FirstOrDefault() switch
        {
            null or "" => rows,
            "lifecycle" => rows.Where(h => h.LifecycleTo != null),
            "owner" => rows.Where(h => h.OwnerFrom != h.OwnerTo),
            var other => throw InputException.For("only", other, "lifecycle or owner"),
        };
        var found = await rows.Where(h => h.Seq < before).OrderByDescending(h => h.Seq).Take(limit + 1).ToListAsync(context.RequestAborted);
        var page = new HistoryPage([.. found.Take(limit).Select(Show)], new HistoryPageInfo(found.Count > limit ? WriteCursor(found[limit - 1].Seq) : null));
        return context.IsKnownTag($"W/\"h{(found.Count == 0 ? 0 : found[0].Seq)}-{found.Count}\"") ? Results.Empty : TypedResults.Ok(page);
    }

    private static HistoryItem Show(HistoryRow row) => new(
        row.Seq, row.At, row.Change, row.By, row.TaskId, row.Source, row.Revision,
        row.LifecycleTo is null ? null : new Transition(row.LifecycleFrom, row.LifecycleTo),
        row.OwnerFrom == row.OwnerTo ? null : new Transition(row.OwnerFrom, row.OwnerTo),
        row.Fields is null ? null : JsonElement.Parse(row.Fields));

    private static string WriteCursor(long seq) => Convert.ToBase64String(Encoding.ASCII.GetBytes(seq.ToString(CultureInfo.InvariantCulture)));

    private static long ParseCursor(string text)
    {
        Span<byte> bytes = stackalloc byte[64];
        return text.Length <= 64 && Convert.TryFromBase64String(text, bytes, out var length) && long.TryParse(bytes[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? seq
            : throw new InputException($"Malformed cursor: {(text.Length > 60 ? text[..60] + "…" : text)}");
    }
}
