using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Tests.Support;
using DevPlatform.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Scaffolder.Tests.Actions;

public sealed class ActionRegistryTests
{
    private static readonly ActionDefinition Complete = new()
    {
        Id = "test:complete",
        Description = "Says everything",
        InputSchema = Schema.Empty,
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
    };

    public static TheoryData<string, string> Incomplete => new()
    {
        { "permission", "permission" },
        { "outside", "outside system and credential" },
        { "credential", "outside system and credential" },
        { "input", "input schema" },
        { "output", "output schema" },
        { "description", "description" },
        { "id", "id" },
    };

    [Theory]
    [MemberData(nameof(Incomplete))]
    public void Refuses_an_action_that_leaves_something_undeclared(string part, string named)
    {
        var definition = part switch
        {
            "permission" => Complete with { Permission = null },
            "outside" => Complete with { Outside = null },
            "credential" => Complete with { Outside = new OutsideAccess("git", CredentialKind.None) },
            "input" => Complete with { InputSchema = null },
            "output" => Complete with { OutputSchema = null },
            "description" => Complete with { Description = " " },
            _ => Complete with { Id = null },
        };

        Should.Throw<InvalidOperationException>(() => new ActionRegistry([new TestAction(definition)])).Message.ShouldContain($"does not declare: {named}");
        new ActionRegistry([new TestAction(Complete)]).Find("test:complete").ShouldNotBeNull();
    }

    [Fact]
    public void Refuses_two_actions_with_one_id() =>
        Should.Throw<InvalidOperationException>(() => new ActionRegistry([new TestAction(Complete), new TestAction(Complete)]));

    [Fact]
    public async Task Start_up_fails_for_an_action_without_a_permission()
    {
        var connectionString = await PostgresServer.CreateDatabaseAsync();
        var directory = Directory.CreateTempSubdirectory("scaffolder-start-").FullName;
        try
        {
            var start = () => ScaffolderHost.StartAsync(
                connectionString, new FakePlatform(), directory,
                services: services => services.AddSingleton<IScaffolderAction>(new TestAction(Complete with { Permission = null })));

            (await start.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldBe("Scaffolder action test:complete does not declare: permission");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private sealed class TestAction(ActionDefinition definition) : IScaffolderAction
    {
        public ActionDefinition Definition { get; } = definition;

        public Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
