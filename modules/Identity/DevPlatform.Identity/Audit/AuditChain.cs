using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DevPlatform.Identity.Audit;

/// <summary>How one row of the audit trail vouches for all before it.</summary>
internal static class AuditChain
{
    public const int HashLength = 64;

    /// <summary>What the first row is chained to.</summary>
    public static readonly string Genesis = new('0', HashLength);

    /// <summary>PostgreSQL keeps microseconds; a finer time would not hash the same after reading it back.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>SHA-256 over a JSON array of the members in fixed order: unambiguous, and anyone can compute it again.</summary>
    public static string HashOf(AuditRow row) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new[]
        {
            row.PreviousHash, row.Sequence.ToString(), row.EventId.ToString(), row.OccurredAt.UtcDateTime.ToString("O"), row.ActorRef, row.ActorSubject,
            row.SessionId, row.Action, row.Resource, row.Result, row.Reason, row.RequestId, row.TaskId, row.Commit, row.Before, row.After,
        },
        AuditJson.Default.StringArray)));
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class AuditJson : JsonSerializerContext;
