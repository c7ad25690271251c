using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DevPlatform.Api.Tests.Hosting;

/// <summary>On a host of its own: it is stopped.</summary>
public sealed class ShutdownTests(ApiFixture platform) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Lets_running_requests_finish_and_is_not_ready_meanwhile()
    {
        using var inside = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        platform.Break = () =>
        {
            inside.Release();
            release.Wait();
        };
        var ready = platform.Client();
        (await ready.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var running = platform.BreakAsync();
        await inside.WaitAsync();

        var lifetime = platform.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.StopApplication();
        var report = await platform.Services.GetRequiredService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>()
            .CheckHealthAsync(check => check.Name == "lifetime");
        report.Status.ShouldBe(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);

        var stopping = platform.StopAsync();
        stopping.IsCompleted.ShouldBeFalse();
        release.Set();

        (await running).StatusCode.ShouldBe(HttpStatusCode.OK);
        await stopping;
    }
}
