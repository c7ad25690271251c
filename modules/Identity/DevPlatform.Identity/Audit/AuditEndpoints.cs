using System.Text.Json;
using DevPlatform.Identity.Contracts;
using DevPlatform.Identity.Data;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Identity.Audit;

/// <summary>What the audit trail is filtered by; everything given must match.</summary>
internal sealed record AuditFilter(
    [property: FromQuery] string? Actor,
    [property: FromQuery] string? Action,
    [property: FromQuery] string? Resource,
    [property: FromQuery] string? Result,
    [property: FromQuery] string? TaskId,
    [property: FromQuery] string? RequestId,
    [property: FromQuery] DateTimeOffset? From,
    [property: FromQuery] DateTimeOffset? To)
{
    public IQueryable<AuditRow> Apply(IQueryable<AuditRow> rows)
    {
        // Written out: a null that reaches SQL would keep PostgreSQL from using the indexes.
        var actor = Actor?.ToLowerInvariant();
        rows = actor is null ? rows : rows.Where(r => r.ActorRef == actor);
        rows = Action is null ? rows : rows.Where(r => r.Action == Action);
        rows = Resource is null ? rows : rows.Where(r => r.Resource == Resource);
        rows = Result is null ? rows : rows.Where(r => r.Result == Result);
        rows = TaskId is null ? rows : rows.Where(r => r.TaskId == TaskId);
        rows = RequestId is null ? rows : rows.Where(r => r.RequestId == RequestId);
        rows = From is null ? rows : rows.Where(r => r.OccurredAt >= From.Value.ToUniversalTime());
        return To is null ? rows : rows.Where(r => r.OccurredAt < To.Value.ToUniversalTime());
    }
}

/// <summary>A page of the audit trail, newest first.</summary>
/// <param name="Items">The events.</param>
/// <param name="NextBefore">Pass as <c>before</c> for the next page; null on the last.</param>
internal sealed record AuditPage(IReadOnlyList<AuditRow> Items, long? NextBefore);

/// <summary>Whether the chain holds.</summary>
/// <param name="Valid">True when every row follows from the one before.</param>
/// <param name="Count">Rows checked.</param>
/// <param name="HeadHash">Hash of the newest row: kept elsewhere, it also proves that nothing was cut off.</param>
/// <param name="BrokenAt">The first row that does not follow.</param>
/// <param name="Problem">What is wrong there.</param>
internal sealed record AuditVerification(bool Valid, long Count, string HeadHash, long? BrokenAt = null, string? Problem = null);

/// <summary><c>/api/identity/audit</c>: read, verify and export the audit trail (permission <c>audit.read</c>).</summary>
internal static class AuditEndpoints
{
    private const int MaxLimit = 1000;
    private static readonly ReadOnlyMemory<byte> NewLine = "\n"u8.ToArray();

    public static void Map(IEndpointRouteBuilder audit)
    {
        audit.MapGet("", ListAsync)
            .RequirePermission(IdentityPermissions.AuditRead)
            .WithSummary("Audit events, newest first")
            .WithDescription("Filter by actor, action, resource, result, taskId, requestId, from, to (ISO 8601). limit 1 to 1000, default 100; before = nextBefore of the page before.");
        audit.MapGet("/verify", VerifyAsync)
            .RequirePermission(IdentityPermissions.AuditRead)
            .WithSummary("Proves the hash chain of the audit trail");
        audit.MapGet("/export", Export)
            .RequirePermission(IdentityPermissions.AuditRead)
            .WithSummary("Audit events as JSON lines, oldest first; same filters as the list");
    }

    private static async Task<Ok<AuditPage>> ListAsync(
        [AsParameters] AuditFilter filter, IdentityDbContext db, CancellationToken cancellationToken, int limit = 100, long? before = null)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw InputException.For("limit", limit, $"1 to {MaxLimit}");
        }

        var rows = filter.Apply(db.AuditEvents.AsNoTracking());
        rows = before is null ? rows : rows.Where(r => r.Sequence < before);
        var page = await rows.OrderByDescending(r => r.Sequence).Take(limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(page.Count > limit ? new AuditPage(page[..limit], page[limit - 1].Sequence) : new AuditPage(page, null));
    }

    private static async Task<Ok<AuditVerification>> VerifyAsync(IdentityDbContext db, CancellationToken cancellationToken)
    {
        var count = 0L;
        var head = AuditChain.Genesis;
        await foreach (var row in db.AuditEvents.AsNoTracking().OrderBy(r => r.Sequence).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var problem = ProblemWith(row, count + 1, head);
            if (problem is not null)
            {
                return TypedResults.Ok(new AuditVerification(false, count, head, row.Sequence, problem));
            }

            count++;
            head = row.Hash;
        }

        return TypedResults.Ok(new AuditVerification(true, count, head));
    }

    private static string? ProblemWith(AuditRow row, long expectedSequence, string expectedPrevious) => row switch
    {
        _ when row.Sequence != expectedSequence => $"row {expectedSequence} is missing",
        _ when row.PreviousHash != expectedPrevious => "it does not follow from the row before it",
        _ when row.Hash != AuditChain.HashOf(row) => "its content was changed",
        _ => null,
    };

    private static IResult Export([AsParameters] AuditFilter filter, IdentityDbContext db) => Results.Stream(
        async body =>
        {
            await foreach (var row in filter.Apply(db.AuditEvents.AsNoTracking()).OrderBy(r => r.Sequence).AsAsyncEnumerable())
            {
                await JsonSerializer.SerializeAsync(body, row, JsonSerializerOptions.Web);
                await body.WriteAsync(NewLine);
            }
        },
        "application/jsonl",
        "audit.jsonl");
}
