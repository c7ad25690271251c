using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DevPlatform.Scaffolder;

/// <summary>Traces and metrics of the module.</summary>
internal static class ScaffolderTelemetry
{
    public const string Name = "DevPlatform.Scaffolder";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> TasksCreated = Meter.CreateCounter<long>("devplatform.scaffolder.tasks.created", "{task}", "Tasks started, by template");

    public static readonly Counter<long> TasksFinished =
        Meter.CreateCounter<long>("devplatform.scaffolder.tasks.finished", "{task}", "Tasks ended, by template and status");

    public static readonly Counter<long> TasksRecovered =
        Meter.CreateCounter<long>("devplatform.scaffolder.tasks.recovered", "{task}", "Tasks taken over from a worker that went silent");

    public static readonly UpDownCounter<long> TasksRunning =
        Meter.CreateUpDownCounter<long>("devplatform.scaffolder.tasks.running", "{task}", "Tasks running on this replica");

    public static readonly Histogram<double> StepDuration =
        Meter.CreateHistogram<double>("devplatform.scaffolder.step.duration", "s", "Time of a step, by action and status");
}
