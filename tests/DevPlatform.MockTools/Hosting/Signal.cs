namespace DevPlatform.MockTools.Hosting;

/// <summary>Wakes one waiting loop; signals while nobody waits become one.</summary>
internal sealed class Signal
{
    private volatile TaskCompletionSource _signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set() => _signalled.TrySetResult();

    /// <summary>Returns when signalled, after the given time or when cancelled, whichever comes first; it does not throw.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        await _signalled.Task.WaitAsync(atMost, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_signalled.Task.IsCompleted)
        {
            // What is signalled from here on counts for the next wait.
            _signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
