using System.Collections.Concurrent;
using DevPlatform.Scaffolder.Tests.Support;
using DevPlatform.Shared.Signals;
using DevPlatform.TestKit;
using Npgsql;

namespace DevPlatform.Scaffolder.Tests.Tasks;

[Collection(ScaffolderCollection.Name)]
public sealed class TaskSignalTests(ScaffolderFixture fixture)
{
    private const string Owner = "user:default/finn";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Whoever_started_a_task_is_told_of_each_of_its_states_and_nobody_else_is()
    {
        var finn = fixture.Host.Client("finn");
        var said = new ConcurrentQueue<Signal>();
        await using var connection = new NpgsqlConnection(fixture.ConnectionString);
        await connection.OpenAsync();
        connection.Notification += (_, e) => said.Enqueue(Signal.Read(e.Payload));
        await using (var listen = new NpgsqlCommand($"listen {Signal.DatabaseChannel}", connection))
        {
            await listen.ExecuteNonQueryAsync();
        }

        // It fails, and is tried again.
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: failing }
            spec: { type: service, steps: [{ id: read, name: Read, action: "fetch:plain", input: { url: "http://127.0.0.1:9/nothing" } }] }
            """);
        var id = await finn.CreateTaskAsync(template, new { });
        await finn.WaitForStatusAsync(id, "failed");
        await HeardAsync(3);

        using (await finn.PostAsync($"/api/scaffolder/v2/tasks/{id}/retry", null))
        {
            // Open, processing, failed again.
            await HeardAsync(6);
        }

        var mine = said.Where(signal => signal.Audience.Contains(Owner)).ToList();
        mine.ShouldAllBe(signal => signal.Channel == ChangeSignals.Tasks && signal.Audience.Count == 1 && signal.Message!.ToJsonString() == """{"action":"changed"}""");

        // Each with the transaction that it tells of.
        async Task HeardAsync(int count) => await Eventually.BeAsync(
            async () =>
            {
                await connection.WaitAsync(100);
                return said.Count(signal => signal.Audience.Contains(Owner)) >= count;
            },
            Deadline);
    }
}
