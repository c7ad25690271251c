using System.Diagnostics;

namespace DevPlatform.AppHost.Demo;

/// <summary>Prints each step of the walk with how long it took, and what happened inside it.</summary>
internal sealed class StepPrinter(TextWriter output)
{
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private int _number;

    /// <summary>Runs a step; its answer is printed behind it.</summary>
    public async Task StepAsync(string title, Func<Task<string>> step)
    {
        _number++;
        var watch = Stopwatch.StartNew();
        try
        {
            var outcome = await step();
            await output.WriteLineAsync($"{_number,2}. {title,-62} {watch.Elapsed.TotalSeconds,6:0.00} s  {outcome}");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await output.WriteLineAsync($"{_number,2}. {title,-62} {watch.Elapsed.TotalSeconds,6:0.00} s  FAILED: {e.Message}");
            throw;
        }
    }

    /// <summary>A line inside the running step, such as a log message of a task.</summary>
    public void Detail(string text) => output.WriteLine($"      {text}");

    public void Finish(bool worked) =>
        output.WriteLine(worked
            ? $"The main job worked: {_number} steps in {_total.Elapsed.TotalSeconds:0.0} s."
            : $"The main job failed in step {_number} after {_total.Elapsed.TotalSeconds:0.0} s.");
}
