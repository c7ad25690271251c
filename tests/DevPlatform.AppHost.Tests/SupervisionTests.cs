using DevPlatform.AppHost.Tests.Support;

namespace DevPlatform.AppHost.Tests;

/// <summary>Start order, restarts and commands, with shell scripts as resources.</summary>
public sealed class SupervisionTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _files = new();
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private DistributedApplication _app = null!;

    private ResourceNotificationService Notifications => _app.ResourceNotifications;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _builder.DisposeAsync();
        _files.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task A_resource_starts_when_what_it_waits_for_is_healthy_or_complete()
    {
        var health = _files.File("healthy");
        var order = _files.File("order");
        var migrate = Script("migrate", $"echo migrate >> {order}");
        var server = Script("server", $"echo server >> {order}; touch {health}; exec sleep 100").WaitForCompletion(migrate);
        WithFileCheck(server, health);
        Script("client", $"[ -f {health} ] && echo client >> {order}; exec sleep 100").WaitFor(server);
        await StartAsync();
        await Notifications.WaitForResourceHealthyAsync("client", _limit.Token);
        await Until.TrueAsync(() => File.ReadAllLines(order).Length == 3, () => "three lines");
        File.ReadAllLines(order).ShouldBe(["migrate", "server", "client"]);
        State("migrate").State!.Text.ShouldBe("Finished");
    }

    [Fact]
    public async Task What_waits_for_a_failure_fails_with_it_and_says_so()
    {
        var migrate = Script("migrate", "echo the schema is broken; exit 3");
        Script("api", "exec sleep 100").WaitForCompletion(migrate);
        await StartAsync();
        var failure = await Should.ThrowAsync<DistributedApplicationException>(() => Notifications.WaitForResourceHealthyAsync("api", _limit.Token));
        failure.Message.ShouldContain("not started, because migrate failed: exit code 3");
        var cause = await Should.ThrowAsync<DistributedApplicationException>(() => Notifications.WaitForResourceHealthyAsync("migrate", _limit.Token));
        cause.Message.ShouldContain("the schema is broken");
    }

    [Fact]
    public async Task A_killed_resource_is_started_again_and_its_children_die_with_it()
    {
        var children = _files.File("children");
        WithFileCheck(Script("worker", $"sleep 1000 & echo $! >> {children}; touch {children}.ready; wait"), $"{children}.ready");
        await StartAsync();
        await Notifications.WaitForResourceHealthyAsync("worker", _limit.Token);
        var (first, firstChild) = (State("worker").ProcessId, int.Parse(File.ReadAllLines(children)[0]));

        (await _app.ResourceCommands.ExecuteCommandAsync("worker", "kill")).Success.ShouldBeTrue();
        await Notifications.WaitForResourceHealthyAsync("worker", _limit.Token);

        State("worker").ProcessId.ShouldNotBe(first);
        State("worker").Restarts.ShouldBe(1);
        await Until.TrueAsync(() => !IsAlive(firstChild), () => $"process {firstChild} is gone");
    }

    [Fact]
    public async Task A_resource_that_never_gets_well_is_given_up_with_its_last_words()
    {
        WithFileCheck(Script("broken", "echo cannot read its configuration >&2; exit 7"), _files.File("never"));
        await StartAsync();
        var failure = await Should.ThrowAsync<DistributedApplicationException>(() => Notifications.WaitForResourceHealthyAsync("broken", _limit.Token));
        failure.Message.ShouldContain("last with exit code 7");
        failure.Message.ShouldContain("cannot read its configuration");
    }

    [Fact]
    public async Task A_missing_command_is_a_sentence()
    {
        _builder.AddExecutable("tool", "no-such-command", ".");
        await StartAsync();
        var failure = await Should.ThrowAsync<DistributedApplicationException>(() => Notifications.WaitForResourceHealthyAsync("tool", _limit.Token));
        failure.Message.ShouldContain("Command 'no-such-command' is not installed");
    }

    [Fact]
    public async Task Stop_asks_first_and_start_brings_it_back()
    {
        var asked = _files.File("asked");
        WithFileCheck(Script("worker", $"trap 'touch {asked}; exit 0' TERM; touch {asked}.ready; while :; do sleep 0.1; done"), $"{asked}.ready");
        await StartAsync();
        await Notifications.WaitForResourceHealthyAsync("worker", _limit.Token);

        await _app.ResourceCommands.ExecuteCommandAsync("worker", "stop");
        File.Exists(asked).ShouldBeTrue();
        State("worker").State!.Text.ShouldBe("Exited");

        await _app.ResourceCommands.ExecuteCommandAsync("worker", "start");
        await Notifications.WaitForResourceHealthyAsync("worker", _limit.Token);
    }

    [Fact]
    public async Task A_stop_right_after_the_start_is_not_lost()
    {
        Script("worker", "exec sleep 100");
        await StartAsync();
        for (var round = 0; round < 20; round++)
        {
            await _app.ResourceCommands.ExecuteCommandAsync("worker", "start");
            var stop = TimeProvider.System.GetTimestamp();
            await _app.ResourceCommands.ExecuteCommandAsync("worker", "stop");
            // A lost signal costs the whole 30 s that a resource has for its end.
            TimeProvider.System.GetElapsedTime(stop).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public async Task Resources_stop_before_what_they_wait_for()
    {
        var order = _files.File("order");
        var server = Script("server", $"trap 'echo server >> {order}; exit 0' TERM; while :; do sleep 0.1; done");
        Script("client", $"trap 'sleep 0.5; echo client >> {order}; exit 0' TERM; while :; do sleep 0.1; done").WaitFor(server);
        await StartAsync();
        await Notifications.WaitForResourceHealthyAsync("client", _limit.Token);
        // The shell has set its trap once it runs its loop.
        await Until.TrueAsync(() => HasChild("client"), () => "client loops");
        await _app.StopAsync(_limit.Token);
        File.ReadAllLines(order).ShouldBe(["client", "server"]);
    }

    [Theory]
    [InlineData("nobody", "stop", "There is no resource 'nobody'; there are worker.")]
    [InlineData("worker", "explode", "There is no command 'explode'; there are start, stop, restart, kill.")]
    public async Task An_unknown_command_or_resource_is_refused(string resource, string command, string message)
    {
        Script("worker", "exec sleep 100");
        await StartAsync();
        var result = await _app.ResourceCommands.ExecuteCommandAsync(resource, command);
        result.Success.ShouldBeFalse();
        result.Message.ShouldBe(message);
    }

    private IResourceBuilder<ExecutableResource> Script(string name, string script) => _builder.AddExecutable(name, "sh", ".", "-c", script);

    private static void WithFileCheck(IResourceBuilder<IResource> resource, string file) =>
        resource.Resource.Annotations.Add(new HealthCheckAnnotation("file") { Check = _ => Task.FromResult(File.Exists(file) ? null : $"{file} is missing") });

    private async Task StartAsync()
    {
        _app = await _builder.BuildAsync(_limit.Token);
        await _app.StartAsync(_limit.Token);
    }

    private CustomResourceSnapshot State(string name) => Notifications.TryGetCurrentState(name, out var state) ? state!.Snapshot : throw new InvalidOperationException(name);

    // A killed process stays listed, without a command line, until its new parent has noticed.
    private static bool IsAlive(int pid) => File.Exists($"/proc/{pid}/cmdline") && File.ReadAllText($"/proc/{pid}/cmdline").Length > 0;

    private bool HasChild(string name) => File.ReadAllText($"/proc/{State(name).ProcessId}/task/{State(name).ProcessId}/children").Length > 0;
}
