using DevPlatform.AppHost.Embedded;
using DevPlatform.AppHost.Tests.Support;

namespace DevPlatform.AppHost.Tests;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _clone = new();

    public void Dispose() => _clone.Dispose();

    [Fact]
    public void Data_is_beside_the_solution()
    {
        var state = StateDirectory.Choose(null, _clone.File("DevPlatform.AppHost"));
        state.Root.ShouldBe(_clone.File(".devplatform"));
        state.Note.ShouldBeNull();
    }

    [Fact]
    public void In_a_private_folder_root_keeps_the_data_where_PostgreSQL_can_read_it()
    {
        File.SetUnixFileMode(_clone.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var state = StateDirectory.Choose(null, _clone.File("DevPlatform.AppHost"));
        if (!Posix.IsRoot)
        {
            // PostgreSQL runs as whoever started the host, who can read it.
            state.Root.ShouldBe(_clone.File(".devplatform"));
            return;
        }

        state.Root.ShouldStartWith("/var/tmp/devplatform-");
        state.Root.ShouldBe(StateDirectory.Choose(null, _clone.File("DevPlatform.AppHost")).Root);
        state.Note.ShouldNotBeNull().ShouldContain(state.Root);
    }

    [Fact]
    public void Clean_drops_data_but_not_what_was_fetched()
    {
        using var state = StateDirectory.Choose(_clone.File("data"), _clone.Path);
        File.WriteAllText(Path.Combine(state.For("git"), "x"), "");
        File.WriteAllText(Path.Combine(state.For("downloads"), "x"), "");
        state.Open(clean: true);
        Directory.Exists(Path.Combine(state.Root, "git")).ShouldBeFalse();
        File.Exists(Path.Combine(state.Root, "downloads", "x")).ShouldBeTrue();
    }

    [Fact]
    public void One_host_at_a_time()
    {
        using var first = StateDirectory.Choose(_clone.File("data"), _clone.Path);
        using var second = StateDirectory.Choose(_clone.File("data"), _clone.Path);
        first.Open(clean: false);
        Should.Throw<DistributedApplicationException>(() => second.Open(clean: false)).Message.ShouldContain("Another DevPlatform host");
    }
}
