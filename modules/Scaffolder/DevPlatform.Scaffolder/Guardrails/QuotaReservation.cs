namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>A slot of a quota taken by a task in flight; the entity takes over once the catalog has it.</summary>
public sealed class QuotaReservation
{
    public required Guid TaskId { get; init; }

    public required string ResourceType { get; init; }

    public required string Environment { get; init; }

    public required string Owner { get; init; }

    public required string EntityRef { get; init; }

    /// <summary>
    /// Null while the task lives. A task that ended after its commit keeps the slot until then, for the time the catalog needs to see the entity.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}
