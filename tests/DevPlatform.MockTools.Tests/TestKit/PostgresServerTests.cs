using DevPlatform.TestKit;
using Npgsql;

namespace DevPlatform.MockTools.Tests.TestKit;

public sealed class PostgresServerTests
{
    [Fact]
    public async Task Gives_each_caller_a_database_of_its_own_on_one_server()
    {
        var first = new NpgsqlConnectionStringBuilder(await PostgresServer.CreateDatabaseAsync());
        var second = new NpgsqlConnectionStringBuilder(await PostgresServer.CreateDatabaseAsync());

        first.Port.ShouldBe(second.Port);
        first.Database.ShouldNotBe(second.Database);
        await using var connection = new NpgsqlConnection(first.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("CREATE TABLE t (id int); SELECT current_database()", connection);
        (await command.ExecuteScalarAsync()).ShouldBe(first.Database);
    }

    [Fact]
    public async Task Checks_passwords()
    {
        var wrong = new NpgsqlConnectionStringBuilder((await PostgresServer.GetAsync()).ConnectionString) { Password = "wrong", Pooling = false };

        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        (await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync())).SqlState.ShouldBe("28P01");
    }
}
