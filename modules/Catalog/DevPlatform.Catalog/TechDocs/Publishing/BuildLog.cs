using System.Runtime.CompilerServices;

namespace DevPlatform.Catalog.TechDocs.Publishing;

/// <summary>What a build says, to all who watch it, from its beginning.</summary>
internal sealed class BuildLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _more = New();
    private bool _complete;

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            Wake();
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
            Wake();
        }
    }

    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var at = 0; ;)
        {
            string? line = null;
            Task more;
            lock (_lock)
            {
                line = at < _lines.Count ? _lines[at++] : null;
                if (line is null && _complete)
                {
                    yield break;
                }

                more = _more.Task;
            }

            if (line is not null)
            {
                yield return line;
            }
            else
            {
                await more.WaitAsync(cancellationToken);
            }
        }
    }

    private void Wake()
    {
        _more.TrySetResult();
        _more = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
