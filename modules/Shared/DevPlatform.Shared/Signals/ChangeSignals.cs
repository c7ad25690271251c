using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Shared.Signals;

/// <summary>
/// Signals that say no more than that something has changed: pages that show it look again, with their own permissions. They are part of the
/// transaction of the change, so they come when it is committed, and never without it. Whoever subscribes is told at once: what changed
/// while a page was not connected is not missed.
/// </summary>
public static class ChangeSignals
{
    /// <summary>Access requests and approvals.</summary>
    public const string Access = "access";

    /// <summary>The scaffolder's tasks, for those who started them.</summary>
    public const string Tasks = "scaffolder-tasks";

    /// <summary>Whether a channel's messages say no more than that.</summary>
    public static bool Contain(string channel) => channel is Access or Tasks;

    /// <summary>What is sent.</summary>
    public static object Message { get; } = new { action = "changed" };

    /// <summary>Tells an audience that something changed when the DbContext's transaction is committed, or at once when there is none.</summary>
    /// <param name="db">The DbContext that makes the change.</param>
    /// <param name="channel">One of the channels above.</param>
    /// <param name="audience">Those who may see what changed; see <see cref="DevPlatform.Shared.Identity.Audiences"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task TellChangedAsync(this DbContext db, string channel, IReadOnlyCollection<string> audience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var payloads = Signal.Of(channel, audience, Message).ToPayloads().ToArray();
        return db.Database.ExecuteSqlAsync($"select pg_notify({Signal.DatabaseChannel}, payload) from unnest({payloads}) as payload", cancellationToken);
    }
}
