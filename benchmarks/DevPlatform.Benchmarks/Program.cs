using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DevPlatform.Benchmarks;

if (args is ["startup", var assembly, var runs])
{
    await StartupBenchmark.RunAsync(assembly, int.Parse(runs, CultureInfo.InvariantCulture));
    return;
}

// In this process: a generated project would have to find its way through central versions and the shared output directory.
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(StartupBenchmark).Assembly).Run(args, config);
