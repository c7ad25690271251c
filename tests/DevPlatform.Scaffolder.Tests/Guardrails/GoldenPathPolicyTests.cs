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
        await WriteAsync("catalog-info.yaml", "kind: Resource\nspec: { owner: team-a }\n");

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

    [Fact]
    public async Task Accepts_an_application_that_has_all_it_needs()
    {
        await WriteApplicationAsync();

        await CheckAsync("application");
    }

    [Theory]
    [InlineData("Dockerfile", "", "required file missing: Dockerfile")]
    [InlineData(".github/workflows/ci.yaml", "", "required file missing: .github/workflows/*")]
    [InlineData("docs/index.md", "", "required file missing: docs/index.md")]
    [InlineData("mkdocs.yml", "", "required file missing: mkdocs.yml")]
    [InlineData("chart/Chart.yaml", "", "required file missing: **/Chart.yaml")]
    [InlineData("catalog-info.yaml", "kind: Component\nmetadata: { name: orders }\nspec: {}\n", "catalog-info.yaml: Component orders has no spec.owner")]
    [InlineData("catalog-info.yaml", "kind: Component\nmetadata: { name: Orders! }\nspec: { owner: a }\n", "catalog-info.yaml: the name of Component \"Orders!\" is not allowed; allowed: a name that matches")]
    [InlineData("chart/templates/deployment.yaml", "kind: Deployment\n", "the Helm chart has no livenessProbe; the Helm chart has no readinessProbe")]
    [InlineData("chart/values.yaml", "a: 1\n", "the Helm chart sets no resource limits")]
    [InlineData(".github/workflows/ci.yaml", "jobs: {}\n", "the CI pipeline has no security scanning")]
    [InlineData("chart/templates/monitor.yaml", "kind: Service\n", "there is no ServiceMonitor or PodMonitor")]
    public async Task An_application_must_have(string file, string instead, string violation)
    {
        await WriteApplicationAsync();
        File.Delete(_workspace.Resolve(file));
        if (instead.Length > 0)
        {
            await WriteAsync(file, instead);
        }

        (await Should.ThrowAsync<InputException>(() => CheckAsync("application"))).Message.ShouldContain(violation);
    }

    [Fact]
    public async Task A_dashboard_is_required_where_the_settings_say_so()
    {
        var options = new GuardrailOptions { GoldenPath = { RequiredContent = { ["application"] = "dashboard" } } };
        await WriteApplicationAsync();
        await GoldenPathPolicy.RequireAsync(options, "application", _workspace, ".", CancellationToken.None);
        File.Delete(_workspace.Resolve("chart/dashboards/service.json"));

        (await Should.ThrowAsync<InputException>(() => GoldenPathPolicy.RequireAsync(options, "application", _workspace, ".", CancellationToken.None)))
            .Message.ShouldContain("there is no Grafana dashboard");
    }

    private async Task WriteApplicationAsync()
    {
        await WriteAsync("Dockerfile", "FROM scratch\n");
        await WriteAsync(".github/workflows/ci.yaml", "steps: [{ uses: aquasecurity/trivy-action@0.28.0 }]\n");
        await WriteAsync("mkdocs.yml", "site_name: x\n");
        await WriteAsync("docs/index.md", "# x\n");
        await WriteAsync("catalog-info.yaml", "kind: Component\nmetadata: { name: orders }\nspec: { owner: team-a }\n");
        await WriteAsync("chart/Chart.yaml", "name: orders\n");
        await WriteAsync("chart/values.yaml", "resources:\n  limits:\n    memory: 1Gi\n");
        await WriteAsync("chart/templates/deployment.yaml", "livenessProbe:\n  a: 1\nreadinessProbe:\n  a: 1\n");
        await WriteAsync("chart/templates/monitor.yaml", "kind: ServiceMonitor\n");
        await WriteAsync("chart/dashboards/service.json", "{}");
    }

    private Task WriteAsync(string path, string text) => _workspace.WriteTextAsync(path, text, CancellationToken.None);

    private Task CheckAsync(string? type) => GoldenPathPolicy.RequireAsync(new GuardrailOptions(), type, _workspace, ".", CancellationToken.None);
}
