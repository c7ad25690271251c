using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace DevPlatform.Scaffolder.Tests.Faults;

/// <summary>One place for an API process: whoever stands in it is killed, and another comes.</summary>
internal sealed partial class ApiReplica : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private readonly string[] _arguments;
    private readonly string _token;
    private readonly ConcurrentQueue<string> _log;
    private Process _process = null!;
    private Task<HttpClient> _ready = null!;

    private ApiReplica(string[] arguments, string token, ConcurrentQueue<string> log) => (_arguments, _token, _log) = (arguments, token, log);

    /// <summary>Whether it answers.</summary>
    public bool IsReady => _ready.IsCompletedSuccessfully;

    public static ApiReplica Start(string[] arguments, string token, ConcurrentQueue<string> log)
    {
        var replica = new ApiReplica(arguments, token, log);
        replica.StartProcess();
        return replica;
    }

    /// <summary>Runs the verb that readies the database.</summary>
    public static async Task MigrateAsync(string[] arguments)
    {
        using var process = Process.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "DevPlatform.Api.dll"), "migrate", .. arguments]);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }

    /// <summary>A client of the process that stands here now, once that answers.</summary>
    public Task<HttpClient> ClientAsync() => _ready;

    /// <summary>SIGKILL, and the next process.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        StartProcess();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void StartProcess()
    {
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DevPlatform.Api.dll"), .. _arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_TieredPGO"] = "0", ["DOTNET_gcServer"] = "0" },
        };
        var process = _process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ready = WaitUntilReadyAsync(process, address.Task);

        void Read(string? line)
        {
            if (line is null)
            {
                return;
            }

            _log.Enqueue(line);
            if (ListeningOn().Match(line) is { Success: true } match)
            {
                address.TrySetResult(new Uri(match.Groups["address"].Value));
            }
        }
    }

    private async Task<HttpClient> WaitUntilReadyAsync(Process process, Task<Uri> address)
    {
        var client = new HttpClient { BaseAddress = await address.WaitAsync(StartLimit), Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartLimit && ReferenceEquals(process, _process))
        {
            try
            {
                using var health = await client.GetAsync("/health/ready");
                // What is compiled at the first request is compiled then.
                using var tasks = await client.GetAsync("/api/scaffolder/v2/tasks?limit=1");
                if (health.IsSuccessStatusCode && tasks.IsSuccessStatusCode)
                {
                    return client;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                // Killed meanwhile, perhaps; then another takes its place.
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("The replica did not become ready");
    }

    [GeneratedRegex(@"listening on: (?<address>http://127\.0\.0\.1:\d+)", RegexOptions.None, 1000)]
    private static partial Regex ListeningOn();
}
