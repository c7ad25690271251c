using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DevPlatform.TopologyTests.Templates;

/// <summary>Builds and tests a published application with what its language's tools are; a language without tools on this machine is only read.</summary>
internal static class Builds
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    /// <summary>Null when it was built, else why it could not be.</summary>
    public static async Task<string?> RunAsync(string template, string directory)
    {
        switch (template)
        {
            case "nodejs-service":
                return await WithAsync("node", directory, ["--check", "src/main.js"], ["--check", "src/service.js"], ["--check", "src/metrics.js"], ["--test"]);
            case "python-service":
                return await WithAsync("python3", directory, ["-m", "compileall", "-q", "."], ["-m", "unittest", "discover", "-s", "tests"]);
            case "go-service":
                return await WithAsync("go", directory, ["vet", "./..."], ["test", "./..."]);
            case "java-service":
                string[] sources = [.. Directory.EnumerateFiles(Path.Combine(directory, "src", "main"), "*.java", SearchOption.AllDirectories)];
                return await WithAsync("javac", directory, ["--release", "17", "-Xlint:all", "-Werror", "-d", "out", .. sources]) ?? await AnswersAsync("java", directory, "-cp", "out", "org.example.Main");
            case "dotnet-service":
                return await WithAsync("dotnet", directory, ["build", "src", "-v", "quiet", "--nologo"]);
            default:
                return "nothing is to be built";
        }
    }

    private static async Task<string?> WithAsync(string tool, string directory, params string[][] commands)
    {
        foreach (var arguments in commands)
        {
            if (await TryAsync(tool, directory, arguments) is not { } result)
            {
                return $"{tool} is not installed";
            }

            result.ExitCode.ShouldBe(0, $"{tool} {string.Join(' ', arguments)}: {result.Output}");
        }

        return null;
    }

    // Starts the service on a free port and asks it.
    private static async Task<string?> AnswersAsync(string tool, string directory, params string[] arguments)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        using var service = Process.Start(new ProcessStartInfo(tool, arguments) { WorkingDirectory = directory, Environment = { ["PORT"] = port.ToString() }, UseShellExecute = false })!;
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            using var limit = new CancellationTokenSource(Limit);
            while (true)
            {
                try
                {
                    (await http.GetStringAsync("/api/hello", limit.Token)).ShouldContain("Hello from");
                    (await http.GetStringAsync("/metrics", limit.Token)).ShouldContain("http_requests_total{code=\"200\"} 1");
                    return null;
                }
                catch (HttpRequestException) when (!service.HasExited)
                {
                    await Task.Delay(200, limit.Token);
                }
            }
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync();
        }
    }

    private static async Task<(int ExitCode, string Output)?> TryAsync(string tool, string directory, string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // The test runner's own settings are not the build's.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || k == "NODE_TEST_CONTEXT").ToList())
        {
            start.Environment.Remove(name);
        }

        try
        {
            using var process = Process.Start(start)!;
            using var limit = new CancellationTokenSource(Limit);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
