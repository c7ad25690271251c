using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Tests.Actions;

public sealed class WorkspaceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("workspace-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\outside")]
    [InlineData("a\0b")]
    public void Refuses_paths_that_lead_out(string path) =>
        Should.Throw<InputException>(() => NewWorkspace("w").Resolve(path)).Message.ShouldContain("allowed: a path");

    [Fact]
    public void A_sibling_with_the_same_beginning_is_outside() => Should.Throw<InputException>(() => NewWorkspace("w").Resolve("../w2/file"));

    [Fact]
    public void Refuses_symbolic_links_on_the_way()
    {
        var workspace = NewWorkspace("w");
        Directory.CreateSymbolicLink(Path.Combine(workspace.Root, "etc"), "/etc");

        Should.Throw<InputException>(() => workspace.Resolve("etc/passwd")).Message.ShouldContain("without symbolic links");
    }

    [Fact]
    public async Task Refuses_to_grow_beyond_its_limits()
    {
        var workspace = new Workspace(Path.Combine(_directory, "small"), new WorkspaceOptions { MaxFiles = 2, MaxBytes = 2048 });
        await workspace.WriteTextAsync("a", "1", CancellationToken.None);
        await workspace.WriteTextAsync("b", "2", CancellationToken.None);

        (await Should.ThrowAsync<InputException>(() => workspace.WriteTextAsync("c", "3", CancellationToken.None))).Message.ShouldContain("at most 2");
        (await Should.ThrowAsync<InputException>(() => new Workspace(Path.Combine(_directory, "big"), new WorkspaceOptions { MaxBytes = 2048 })
            .WriteTextAsync("x", new string('x', 2049), CancellationToken.None))).Message.ShouldContain("MaxBytes");
    }

    [Fact]
    public async Task Is_the_same_after_packing_and_unpacking()
    {
        var workspace = NewWorkspace("w");
        await workspace.WriteTextAsync("docs/index.md", "# Hi\n", CancellationToken.None);
        await workspace.WriteAsync("run.sh", "#!/bin/sh\n"u8.ToArray(), executable: true, CancellationToken.None);
        Directory.CreateDirectory(workspace.Resolve("empty"));

        var (archive, hash) = await WorkspaceSnapshot.PackAsync(workspace, CancellationToken.None);
        var copy = NewWorkspace("copy");
        await WorkspaceSnapshot.UnpackAsync(archive, copy, CancellationToken.None);

        copy.Files().ShouldBe(["docs/index.md", "run.sh"]);
        Workspace.IsExecutable(copy.Resolve("run.sh")).ShouldBeTrue();
        Workspace.IsExecutable(copy.Resolve("docs/index.md")).ShouldBeFalse();
        copy.Exists("empty").ShouldBeTrue();
        (await WorkspaceSnapshot.PackAsync(copy, CancellationToken.None)).Hash.ShouldBe(hash);
    }

    private Workspace NewWorkspace(string name) => new(Path.Combine(_directory, name), new WorkspaceOptions());
}
