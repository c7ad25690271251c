namespace DevPlatform.AppHost.Embedded;

/// <summary>The host's terminal: whole lines, each with its source in front.</summary>
internal sealed class ConsoleLog
{
    private static readonly int[] Colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];
    private readonly bool _colour = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    public void Line(string source, string line)
    {
        var label = $"[{source}]".PadRight(14);
        // The hash only has to be the same for the same name within a run.
        var colour = Colours[(int)((uint)string.GetHashCode(source, StringComparison.Ordinal) % (uint)Colours.Length)];
        Write(_colour ? $"\e[{colour}m{label}\e[0m {line}" : $"{label} {line}");
    }

    public void Write(string text)
    {
        try
        {
            Console.Out.WriteLine(text);
        }
        catch (IOException)
        {
            // Whoever read our output has gone; the topology goes on.
        }
    }
}
