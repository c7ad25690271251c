using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace DevPlatform.AppHost.Embedded;

/// <summary>The last lines each resource wrote; optionally echoed to the console with the resource's name in front.</summary>
internal sealed partial class ResourceLogs(ConsoleLog? console)
{
    private const int Kept = 2000;
    private readonly ConcurrentDictionary<string, Log> _logs = new(StringComparer.OrdinalIgnoreCase);

    public void Write(string resource, string line)
    {
        line = Colour().Replace(line, "");
        console?.Line(resource, line);
        _logs.GetOrAdd(resource, _ => new Log()).Add(line);
    }

    public string Tail(string resource, int lines = 40) => string.Join('\n', _logs.TryGetValue(resource, out var log) ? log.Last(lines) : []);

    /// <summary>What was written so far, then what is written next.</summary>
    public async IAsyncEnumerable<string> WatchAsync(string resource, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var log = _logs.GetOrAdd(resource, _ => new Log());
        var channel = Channel.CreateBounded<string>(new BoundedChannelOptions(Kept * 2) { FullMode = BoundedChannelFullMode.DropOldest });
        log.Follow(channel.Writer);
        try
        {
            await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return line;
            }
        }
        finally
        {
            log.Unfollow(channel.Writer);
        }
    }

    // .NET's console logger colours even what is redirected when it is told to, as Aspire tells it.
    [GeneratedRegex("\u001b\\[[0-9;]*m", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colour();

    private sealed class Log
    {
        private readonly Lock _lock = new();
        private readonly Queue<string> _lines = new();
        private readonly List<ChannelWriter<string>> _followers = [];

        public void Add(string line)
        {
            lock (_lock)
            {
                _lines.Enqueue(line);
                if (_lines.Count > Kept)
                {
                    _lines.Dequeue();
                }

                _followers.ForEach(follower => follower.TryWrite(line));
            }
        }

        public List<string> Last(int count)
        {
            lock (_lock)
            {
                return [.. _lines.TakeLast(count)];
            }
        }

        public void Follow(ChannelWriter<string> follower)
        {
            lock (_lock)
            {
                foreach (var line in _lines)
                {
                    follower.TryWrite(line);
                }

                _followers.Add(follower);
            }
        }

        public void Unfollow(ChannelWriter<string> follower)
        {
            lock (_lock)
            {
                _followers.Remove(follower);
            }
        }
    }
}
