using DevPlatform.Scaffolder.Tasks;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>What the actions of one run say, masked and within bounds: a template that logs without end must not fill the database.</summary>
internal sealed class BoundedLog(ITaskJournal journal, TaskSecrets secrets)
{
    private const int LongestMessage = 256 * 1024;
    private const int MostMessages = 10_000;
    private const long MostCharacters = 16L * 1024 * 1024;
    private int _messages;
    private long _characters;
    private bool _isFull;

    public Task WriteAsync(string message, string stepId)
    {
        // Masked before it is cut: half a secret is not recognized any more.
        var text = secrets.MaskText(message);
        if (text.Length > LongestMessage)
        {
            text = $"{text[..LongestMessage]}… ({text.Length - LongestMessage} more characters are left out)";
        }

        if (Interlocked.Increment(ref _messages) > MostMessages || Interlocked.Add(ref _characters, text.Length) > MostCharacters)
        {
            return Interlocked.Exchange(ref _isFull, true)
                ? Task.CompletedTask
                : journal.LogAsync("The log is full; what the actions of this run say from here on is left out", stepId, CancellationToken.None);
        }

        return journal.LogAsync(text, stepId, CancellationToken.None);
    }
}
