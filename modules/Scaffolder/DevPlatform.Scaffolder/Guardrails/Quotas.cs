using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Shared.Errors;
using Microsoft.EntityFrameworkCore;
using Wolverine;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>
/// Quotas per environment tier and owner: what the catalog has plus what tasks in flight will add. Counting and reserving happen under one lock
/// per quota, so that two requests cannot both take the last slot.
/// </summary>
internal static class Quotas
{
    // Whoever waits for a quota's lock holds a connection, and whoever has it needs a second one to ask the catalog: many at once would take all
    // connections and wait for each other.
    private static readonly SemaphoreSlim Turns = new(4);

    /// <summary>Waits for one of this process's few turns at reserving; take it before the transaction begins.</summary>
    public static async Task<IDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await Turns.WaitAsync(cancellationToken);
        return new Turn();
    }

    /// <summary>Takes a slot in the DbContext's transaction, which holds the quota's lock until it ends.</summary>
    /// <exception cref="ConflictException">The quota is full, or the resource exists or is being made.</exception>
    public static async Task ReserveAsync(
        ScaffolderDbContext db, IMessageBus bus, GuardrailOptions options, ProvisioningRequest request, Guid taskId, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var owner = request.Owner!;
        var key = $"scaffolder:quota:{request.ResourceType}:{request.Environment}:{owner}";
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({key}, 0))", cancellationToken);
        await db.QuotaReservations.Where(r => r.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);

        if (await db.QuotaReservations.AnyAsync(r => r.EntityRef == request.EntityRef, cancellationToken))
        {
            throw new ConflictException(
                $"\"values.{request.ParameterOf("name")}\" is not valid: found \"{request.Name}\", which another task is creating; allowed: a name not in use");
        }

        var existing = await bus.InvokeAsync<ResourceList>(new ListResources(request.ResourceType, request.Environment!, owner), cancellationToken);
        var reserved = await db.QuotaReservations
            .Where(r => r.ResourceType == request.ResourceType && r.Environment == request.Environment && r.Owner == owner)
            .Select(r => r.EntityRef)
            .ToListAsync(cancellationToken);
        var used = existing.EntityRefs.Union(reserved, StringComparer.Ordinal).Count();
        var limit = LimitFor(options, request);
        if (used >= limit)
        {
            throw new ConflictException(
                $"\"values.{request.ParameterOf("environment")}\" is not valid: the quota of {owner} for {request.ResourceType} in {request.Environment} is full: "
                + $"found {used} in use ({reserved.Count} by tasks in flight); allowed: {limit}");
        }

        db.QuotaReservations.Add(new QuotaReservation
        {
            TaskId = taskId,
            ResourceType = request.ResourceType,
            Environment = request.Environment!,
            Owner = owner,
            EntityRef = request.EntityRef,
        });
    }

    /// <summary>
    /// Gives the slot back. After a commit the entity will exist whatever becomes of the task, so the slot stays taken until the catalog has had
    /// time to see it.
    /// </summary>
    public static Task ReleaseAsync(
        ScaffolderDbContext db, GuardrailOptions options, Guid taskId, bool committed, bool completed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var reservation = db.QuotaReservations.Where(r => r.TaskId == taskId);
        return committed && !completed
            ? reservation.ExecuteUpdateAsync(r => r.SetProperty(x => x.ExpiresAt, now + options.SlotKeptAfterCommit), cancellationToken)
            : reservation.ExecuteDeleteAsync(cancellationToken);
    }

    public static int LimitFor(GuardrailOptions options, ProvisioningRequest request)
    {
        var exact = $"{request.Environment}/{request.ResourceType}";
        var own = options.OwnerQuotas.GetValueOrDefault(request.Owner!);
        return Find(own, exact) ?? Find(own, request.Environment!) ?? Find(options.Quotas, exact) ?? Find(options.Quotas, request.Environment!) ?? int.MaxValue;

        static int? Find(Dictionary<string, int>? quotas, string key) => quotas is not null && quotas.TryGetValue(key, out var limit) ? limit : null;
    }

    private sealed class Turn : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                Turns.Release();
            }
        }
    }
}
