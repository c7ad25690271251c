namespace DevPlatform.PeerBenchmarks.Systems;

/// <summary><see cref="BareEndpoint"/> as a process, serving what DevPlatform serves.</summary>
internal sealed class BareSystem(MeasuredSystem tokens, Uri keycloak, string entities, string logs) : MeasuredSystem
{
    public override string Name => "Bare Kestrel endpoint";

    protected override string ReadyPath => "health/ready";

    public override Task<string> UserTokenAsync() => tokens.UserTokenAsync();

    protected override ChildProcess Launch() => ChildProcess.Start(
        Path.Combine(logs, "bare.log"), Path.GetDirectoryName(entities)!, new Dictionary<string, string>(),
        "dotnet", typeof(BareSystem).Assembly.Location, "bare", BaseUrl.ToString(), $"{keycloak}realms/platform", entities);
}
