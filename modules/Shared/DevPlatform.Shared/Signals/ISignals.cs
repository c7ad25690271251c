namespace DevPlatform.Shared.Signals;

/// <summary>
/// Tells open pages of the portal, on every replica, that something has changed (Backstage's signals). Nothing is kept: a page that is not open
/// reads the change when it opens.
/// </summary>
public interface ISignals
{
    /// <summary>Sends a message.</summary>
    /// <param name="channel">What the page subscribed to: <c>notifications</c>, <c>user-settings</c>; for lists see <see cref="ChangeSignals"/>.</param>
    /// <param name="audience">Whom it concerns; see <see cref="DevPlatform.Shared.Identity.Audiences"/>.</param>
    /// <param name="message">Sent as JSON, short: with the channel at most 7,000 bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="except">Refs of users and groups whom it does not concern all the same.</param>
    Task PublishAsync(string channel, IReadOnlyCollection<string> audience, object message, CancellationToken cancellationToken,
        IReadOnlyCollection<string>? except = null);
}
