using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DevPlatform.TestKit;

namespace DevPlatform.Benchmarks;

/// <summary>
/// From the start of a published API process to its first 200 on <c>/health/ready</c>, on a migrated database: wall clock, processor time
/// and memory at that moment. <c>./dev bench startup [runs]</c> publishes and measures.
/// </summary>
internal static class StartupBenchmark
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(string assembly, int runs)
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        var settings = PlatformApi.ArgumentsFor(database, new Uri("http://127.0.0.1:9"), []).Where(setting => !setting.StartsWith("--urls=", StringComparison.Ordinal)).ToList();
        using (var migrate = Process.Start("dotnet", [assembly, "migrate", .. settings]))
        {
            await migrate.WaitForExitAsync();
        }

        Console.WriteLine("run   wall s   cpu s   rss MB");
        var all = new List<Measurement>();
        for (var run = 1; run <= runs; run++)
        {
            var measured = await StartAsync(assembly, settings);
            all.Add(measured);
            Console.WriteLine(Row($"{run}", measured));
        }

        Console.WriteLine(Row("mid", new(Median(all, m => m.Wall), Median(all, m => m.Cpu), Median(all, m => m.Megabytes))));
    }

    private static async Task<Measurement> StartAsync(string assembly, IEnumerable<string> settings)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        using var http = new HttpClient { BaseAddress = url };
        var clock = Stopwatch.StartNew();
        using var api = Process.Start("dotnet", [assembly, .. settings, $"--urls={url}"]);
        try
        {
            while (!await IsReadyAsync(http))
            {
                if (api.HasExited || clock.Elapsed > Limit)
                {
                    throw new InvalidOperationException($"{assembly} was not ready after {clock.Elapsed.TotalSeconds:0} s");
                }

                await Task.Delay(20);
            }

            api.Refresh();
            return new(clock.Elapsed.TotalSeconds, api.TotalProcessorTime.TotalSeconds, api.WorkingSet64 / 1_000_000d);
        }
        finally
        {
            api.Kill();
            await api.WaitForExitAsync();
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static double Median(List<Measurement> all, Func<Measurement, double> of) => all.Select(of).Order().ElementAt(all.Count / 2);

    private static string Row(string name, Measurement m) => string.Create(CultureInfo.InvariantCulture, $"{name,3} {m.Wall,8:0.00} {m.Cpu,7:0.00} {m.Megabytes,8:0}");

    private sealed record Measurement(double Wall, double Cpu, double Megabytes);
}
