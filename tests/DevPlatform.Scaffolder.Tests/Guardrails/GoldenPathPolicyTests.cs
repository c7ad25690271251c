using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Tests.Guardrails;

public sealed class GoldenPathPolicyTests : IDisposable
{
    private readonly Workspace _workspace = new(Directory.CreateTempSubdirectory("golden-path-").FullName, new WorkspaceOptions());

    public void Dispose() => Directory.Delete(_workspace.Root, recursive: true);

    [Fact]
    public async Task Accepts_output_that_follows_the_path()
    {
        await WriteAsync("claim.yaml", "kind: PostgreSQLInstance\nspec:\n  passwordSecretRef: orders\n  image: postgres:17.2\n");
        await WriteAsync("catalog-info.yaml", "kind: Resource\n");

        await CheckAsync("infrastructure");
    }

    [Fact]
    public async Task Lists_every_violation_without_quoting_secrets()
    {
        await WriteAsync("deploy/pod.yaml", "spec:\n  containers:\n    - image: nginx:latest\n      securityContext:\n        privileged: true\n");
        await WriteAsync("config.env", "DB_PASSWORD=correcthorsebattery\n");

        var error = await Should.ThrowAsync<InputException>(() => CheckAsync("infrastructure"));

        error.Message.ShouldContain("required file missing: claim.yaml|**/claim.yaml");
        error.Message.ShouldContain("required file missing: catalog-info.yaml");
        error.Message.ShouldContain("deploy/pod.yaml:3 uses an image tagged \"latest\"");
        error.Message.ShouldContain("deploy/pod.yaml:5 asks for a privileged container");
        error.Message.ShouldContain("config.env:1 contains a literal password or token");
        error.Message.ShouldNotContain("correcthorse");
    }

    [Theory]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----", "a private key")]
    [InlineData("id AKIAABCDEFGHIJKLMNOP", "an AWS access key")]
    [InlineData("token ghp_0123456789abcdefghijABCDEFGHIJ012345", "a GitHub token")]
    [InlineData("hvs.CAESIJabcdefghijklmnopqrstuv", "a Vault token")]
    [InlineData("url: postgres://orders:hunter22@db:5432/orders", "a password in a URL")]
    public async Task Finds_secrets(string text, string what)
    {
        await WriteAsync("file.txt", text);

        (await Should.ThrowAsync<InputException>(() => CheckAsync(null))).Message.ShouldContain($"file.txt:1 contains {what}");
    }

    [Theory]
    [InlineData("password: ${{ secrets.password }}")]
    [InlineData("password: vault:database/creds/orders#password")]
    [InlineData("passwordSecretRef: { name: orders }")]
    [InlineData("url: postgres://$USER:$PASSWORD@db/orders")]
    [InlineData("description: how to rotate a password")]
    public async Task Lets_references_to_secrets_pass(string text)
    {
        await WriteAsync("values.yaml", text);

        await CheckAsync(null);
    }

    private Task WriteAsync(string path, string text) => _workspace.WriteTextAsync(path, text, CancellationToken.None);

    private Task CheckAsync(string? type) => GoldenPathPolicy.RequireAsync(new GoldenPathOptions(), type, _workspace, ".", CancellationToken.None);
}
