using DevPlatform.Integrations.Data;
using DevPlatform.Shared.Errors;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Integrations.Notifications;

/// <summary>Backstage's settings of notifications: per channel, origin and topic, on or off.</summary>
internal sealed record NotificationSettings(IReadOnlyList<ChannelSetting> Channels);

/// <summary>A channel; ours is the portal (<c>Web</c>).</summary>
internal sealed record ChannelSetting(string Id, IReadOnlyList<OriginSetting> Origins, bool? Enabled = null);

/// <summary>What one module tells.</summary>
internal sealed record OriginSetting(string Id, bool Enabled, IReadOnlyList<TopicSetting>? Topics = null);

/// <summary>One of its topics.</summary>
internal sealed record TopicSetting(string Id, bool Enabled);

/// <summary>What a user does not want to be told: everything (<c>*</c>), what an origin tells, or one of its topics (<c>origin/topic</c>).</summary>
internal sealed class MutedTopics(IEnumerable<string> names)
{
    private const string Channel = "Web";
    private const string Everything = "*";
    private const int MaxNames = 200;

    /// <summary>What our modules tell; what others sent is added to it.</summary>
    private static readonly (string Origin, string Topic)[] Known = [("access", "access"), ("access", "approvals"), ("scaffolder", "template-runs")];

    public List<string> Names { get; } = [.. names];

    public static async Task<MutedTopics> OfAsync(IntegrationsDbContext db, string userRef, CancellationToken cancellationToken) =>
        new((await db.NotificationSettings.AsNoTracking().SingleOrDefaultAsync(s => s.UserRef == userRef, cancellationToken))?.Muted ?? []);

    public static string Name(string origin, string? topic = null) => topic is null ? origin : $"{origin}/{topic}";

    /// <exception cref="InputException">It names a channel that there is not.</exception>
    public static MutedTopics Read(NotificationSettings settings)
    {
        if (settings.Channels?.All(c => c?.Id == Channel) != true)
        {
            throw InputException.For("channels", string.Join(", ", settings.Channels?.Select(c => c?.Id) ?? []), Channel);
        }

        var names = settings.Channels.SelectMany(channel => (channel.Enabled == false ? [Everything] : Enumerable.Empty<string>()).Concat(NamesOf(channel))).Distinct().ToList();
        return names.Count <= MaxNames && names.TrueForAll(n => n.Length <= 255)
            ? new MutedTopics(names)
            : throw InputException.For("channels", $"{names.Count} that are off", $"at most {MaxNames} origins and topics, with names of at most 255 characters");
    }

    public NotificationSettings ToSettings(IEnumerable<(string Origin, string Topic)> received)
    {
        var origins = Known.Concat(received).Distinct().GroupBy(t => t.Origin, t => t.Topic).OrderBy(o => o.Key, StringComparer.Ordinal);
        return new([new(
            Channel,
            [.. origins.Select(o => new OriginSetting(
                o.Key, !Names.Contains(Name(o.Key)), [.. o.Order(StringComparer.Ordinal).Select(topic => new TopicSetting(topic, !Names.Contains(Name(o.Key, topic))))]))],
            Names.Contains(Everything) ? false : null)]);
    }

    public IQueryable<Notification> Apply(IQueryable<Notification> notifications) => Names switch
    {
        [] => notifications,
        _ when Names.Contains(Everything) => notifications.Where(n => false),
        _ => notifications.Where(n => !Names.Contains(n.Origin) && (n.Topic == null || !Names.Contains(n.Origin + "/" + n.Topic))),
    };

    private static IEnumerable<string> NamesOf(ChannelSetting channel) =>
        from origin in channel.Origins ?? []
        from name in (origin.Enabled ? [] : new[] { Name(origin.Id) }).Concat((origin.Topics ?? []).Where(t => !t.Enabled).Select(t => Name(origin.Id, t.Id)))
        select name;
}
