using System.Net;
using DevPlatform.Scaffolder.DryRun;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Scaffolder.Tests.Support;
using Microsoft.AspNetCore.DataProtection;

namespace DevPlatform.Scaffolder.Tests.Hostile;

/// <summary>Templates that mean harm, through the API: each is stopped with an error that says why, as a task and as a dry run, and the process goes on.</summary>
[Collection(ScaffolderCollection.Name)]
public sealed class HostileTemplateTests(ScaffolderFixture fixture)
{
    private const string Fetch = "{ url: ./skeleton, values: " + HostileSkeletons.Values + " }";
    private const string Loop = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}";
    private readonly HttpClient _client = fixture.Host.Client();

    public static TheoryData<string> Skeletons => [.. HostileSkeletons.All.Keys];

    [Theory]
    [MemberData(nameof(Skeletons))]
    public async Task A_skeleton_is_stopped_in_a_dry_run(string name)
    {
        var (path, content, reason) = HostileSkeletons.All[name];

        (await _client.PostDryRunAsync(DryRuns.Step("fetch:template", Fetch), files: new() { [$"skeleton/{path}"] = content })
            .ErrorAsync(HttpStatusCode.BadRequest)).ShouldContain(reason);
        await NothingHappenedAsync();
    }

    [Theory]
    [MemberData(nameof(Skeletons))]
    public async Task A_skeleton_is_stopped_in_a_task(string name)
    {
        (await FailAsync(DryRuns.Step("fetch:template", Fetch), $"hostile/{name}")).ShouldContain(HostileSkeletons.All[name].Reason);
        await NothingHappenedAsync();
    }

    [Theory]
    [InlineData("inside")]
    [InlineData("escaping")]
    [InlineData("cyclic")]
    public async Task Symbolic_links_are_refused_wherever_they_lead(string kind)
    {
        foreach (var action in new[] { "fetch:template", "fetch:plain" })
        {
            (await FailAsync(DryRuns.Step(action, "{ url: ./skeleton }"), $"links/{kind}")).ShouldContain("link (a symbolic link)");
        }

        (await FailAsync(DryRuns.Step("fetch:plain:file", "{ url: ./skeleton/link, targetPath: x }"), $"links/{kind}")).ShouldContain("symbolic links are refused");
    }

    [Theory]
    [InlineData("steps: [{ id: one, action: \"debug:log\", input: { message: \"LOOP\" } }]")]
    [InlineData("steps: [{ id: one, if: \"LOOP\", action: \"debug:log\", input: { message: x } }]")]
    [InlineData("steps: [{ id: one, each: \"LOOP\", action: \"debug:log\", input: { message: x } }]")]
    [InlineData("steps: [{ id: one, action: \"debug:log\", input: { message: x } }]\n  output: { text: [{ title: \"LOOP\" }] }")]
    public async Task An_expression_of_the_template_itself_is_stopped(string spec)
    {
        var template = $"metadata: {{ name: {SampleTemplates.UniqueName("hostile")} }}\nspec:\n  type: service\n  {spec.Replace("LOOP", Loop, StringComparison.Ordinal)}\n";

        (await _client.PostDryRunAsync(template).ErrorAsync(HttpStatusCode.BadRequest)).ShouldContain("exceeds the limit of");
        (await FailAsync(template, "database")).ShouldContain("exceeds the limit of");
    }

    [Fact]
    public async Task A_name_that_begins_at_the_root_is_left_out()
    {
        var run = await _client.DryRunAsync(DryRuns.Step("fetch:template", Fetch), files: new() { ["skeleton/${{ '/etc/x' }}"] = "x", ["skeleton/kept"] = "x" });

        run.Files().Keys.ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Files_of_a_dry_run_stay_in_it_whatever_they_are_called()
    {
        var run = await _client.DryRunAsync(DryRuns.Step("fetch:plain", "{ url: ./skeleton }"), files: new() { ["../../skeleton/../skeleton/a"] = "x", ["/skeleton/b"] = "x" });

        run.Files().Keys.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_message_without_end_is_cut()
    {
        var run = await _client.DryRunAsync(DryRuns.Step("debug:log", "{ message: \"${{ 'x' | center(300000) }}\" }"));

        run.Log().ShouldContain(m => m.EndsWith("… (37856 more characters are left out)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_without_end_stops()
    {
        var secrets = new TaskSecrets(DataProtectionProvider.Create("test"), null);
        var journal = new DryRunJournal(secrets, TimeProvider.System);
        var log = new BoundedLog(journal, secrets);

        for (var i = 0; i < 100; i++)
        {
            await log.WriteAsync(new string('x', 200_000), "one");
        }

        journal.Lines.Count.ShouldBe(16 * 1024 * 1024 / 200_000 + 1);
        journal.Lines[^1]!["body"]!["message"]!.ToString().ShouldStartWith("The log is full");
    }

    [Fact]
    public async Task Many_at_once_leave_room_for_others()
    {
        var hostile = Enumerable.Range(0, 6).Select(_ => _client.PostDryRunAsync(
            DryRuns.Step("fetch:template", Fetch), files: new() { ["skeleton/a.md"] = HostileSkeletons.All["endless-loop"].Content })).ToList();

        await NothingHappenedAsync();
        (await Task.WhenAll(hostile)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.BadRequest);
    }

    // The process still does its work, and nothing was written where it should not be.
    private async Task NothingHappenedAsync()
    {
        var run = await _client.DryRunAsync(DryRuns.Step("fetch:template", "{ url: ./skeleton, values: { name: x } }"), files: new() { ["skeleton/a.md"] = "${{ values.name }}" });
        run.Files()["a.md"].ShouldBe("x");
        Directory.EnumerateFiles(fixture.Directory, "x.md", SearchOption.AllDirectories).Where(f => !f.Contains("/seed/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private async Task<string> FailAsync(string template, string directory)
    {
        var id = await StartAsync(template, directory);
        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");
        return (await _client.GetCompletionAsync(id))["error"]!["message"]!.ToString();
    }

    private Task<string> StartAsync(string template, string directory) => _client.CreateTaskAsync(
        fixture.Platform.AddTemplate(template.Replace("name: one-step", $"name: {SampleTemplates.UniqueName("hostile")}", StringComparison.Ordinal), fixture.Git.TemplateUrl(directory)), new { });
}
