using DevPlatform.TestKit;

namespace DevPlatform.PeerBenchmarks.Systems;

/// <summary>DevPlatform.Api in Production, as published for Linux.</summary>
internal sealed class DevPlatformSystem(string program, string connectionString, Keycloak keycloak, Uri files, string logs, string name = "DevPlatform") : MeasuredSystem
{
    private const int TokenSeconds = 24 * 3600;

    public override string Name => name;

    /// <summary>Further settings, as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    protected override string ReadyPath => "health/ready";

    // A day's token: signing in is not what is measured.
    public override Task<string> UserTokenAsync() => keycloak.ForgeAsync(new { username = "developer", expiresIn = TokenSeconds });

    public override async Task MigrateAsync()
    {
        await using var migration = Launch("migrate");
        await migration.WaitAsync();
    }

    protected override ChildProcess Launch() => Launch("serve");

    private ChildProcess Launch(string verb)
    {
        var arguments = PlatformApi.ArgumentsFor(connectionString, keycloak.BaseUrl, [$"urls={BaseUrl}", $"Catalog:ReadingAllow:0={files.Authority}", .. Settings]);
        return ChildProcess.Start(
            Path.Combine(logs, $"devplatform-{verb}.log"), Path.GetDirectoryName(program)!, new Dictionary<string, string>(),
            "dotnet", [program, .. verb == "migrate" ? [verb] : Array.Empty<string>(), .. arguments]);
    }
}
