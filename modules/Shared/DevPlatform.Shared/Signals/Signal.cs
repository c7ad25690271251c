using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevPlatform.Shared.Signals;

/// <summary>A signal on its way through PostgreSQL (<c>pg_notify</c>) to the pages on all replicas.</summary>
/// <param name="Channel">What pages subscribe to.</param>
/// <param name="Audience">Whom it concerns.</param>
/// <param name="Excluded">Whom it does not concern all the same.</param>
/// <param name="Message">What they are told.</param>
public sealed record Signal(string Channel, IReadOnlyCollection<string> Audience, IReadOnlyCollection<string>? Excluded, JsonNode? Message)
{
    /// <summary>PostgreSQL's channel.</summary>
    public const string DatabaseChannel = "identity_signals";

    /// <summary>PostgreSQL takes 8,000 bytes.</summary>
    private const int MaxPayload = 7_900;

    /// <summary>Nobody has a longer name, but a template may ask for the approval of a role that nobody has.</summary>
    private const int LongestName = 1000;

    /// <summary>A signal with a message that is sent as JSON.</summary>
    public static Signal Of(string channel, IReadOnlyCollection<string> audience, object message, IReadOnlyCollection<string>? except = null) =>
        new(channel, [.. audience.Where(name => name.Length <= LongestName)], except, JsonSerializer.SerializeToNode(message, JsonSerializerOptions.Web));

    /// <summary>As it is sent: at once, or to one part of a large audience after the other.</summary>
    /// <exception cref="ArgumentException">It is too long for any audience.</exception>
    public IEnumerable<string> ToPayloads()
    {
        var payload = JsonSerializer.Serialize(this);
        if (Encoding.UTF8.GetByteCount(payload) <= MaxPayload)
        {
            return [payload];
        }

        return Audience.Count > 1
            ? Audience.Chunk((Audience.Count + 1) / 2).SelectMany(some => (this with { Audience = some }).ToPayloads())
            : throw new ArgumentException($"A signal has at most {MaxPayload} bytes, channel and one of its audience included.");
    }

    /// <summary>One of what <see cref="ToPayloads"/> made.</summary>
    public static Signal Read(string payload) => JsonSerializer.Deserialize<Signal>(payload)!;

    /// <summary>As pages get it.</summary>
    public ReadOnlyMemory<byte> ToFrame() => JsonSerializer.SerializeToUtf8Bytes(new { channel = Channel, message = Message });
}
