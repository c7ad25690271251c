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

    /// <summary>A signal with a message that is sent as JSON.</summary>
    public static Signal Of(string channel, IReadOnlyCollection<string> audience, object message, IReadOnlyCollection<string>? except = null) =>
        new(channel, audience, except, JsonSerializer.SerializeToNode(message, JsonSerializerOptions.Web));

    /// <summary>As it is sent.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public string ToPayload()
    {
        var payload = JsonSerializer.Serialize(this);
        return Encoding.UTF8.GetByteCount(payload) <= MaxPayload
            ? payload
            : throw new ArgumentException($"A signal has at most {MaxPayload} bytes, channel and audience included.");
    }

    /// <summary>What <see cref="ToPayload"/> made.</summary>
    public static Signal Read(string payload) => JsonSerializer.Deserialize<Signal>(payload)!;

    /// <summary>As pages get it.</summary>
    public ReadOnlyMemory<byte> ToFrame() => JsonSerializer.SerializeToUtf8Bytes(new { channel = Channel, message = Message });
}
