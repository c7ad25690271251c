using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace DevPlatform.PeerBenchmarks.Systems;

/// <summary>A real Backstage backend from npm, in production mode, with its permission framework on (allow-all policy).</summary>
internal sealed class BackstageSystem(string installation, NpgsqlConnectionStringBuilder postgres, Uri files, string logs) : MeasuredSystem
{
    public override string Name => "Backstage";

    protected override string ReadyPath => ".backstage/health/v1/readiness";

    public override async Task<string> UserTokenAsync()
    {
        using var http = new HttpClient { BaseAddress = BaseUrl };
        http.DefaultRequestHeaders.Add("X-Requested-With", "XMLHttpRequest");
        var session = await http.GetFromJsonAsync<JsonElement>("api/auth/guest/refresh");
        return session.GetProperty("backstageIdentity").GetProperty("token").GetString()!;
    }

    protected override ChildProcess Launch() => ChildProcess.Start(
        Path.Combine(logs, "backstage.log"),
        installation,
        new Dictionary<string, string>
        {
            ["NODE_ENV"] = "production",
            ["PEER_PORT"] = $"{BaseUrl.Port}",
            ["PEER_FILES_PORT"] = $"{files.Port}",
            ["PEER_PG_PORT"] = $"{postgres.Port}",
            ["PEER_PG_PASSWORD"] = postgres.Password!,
            ["PEER_TOKEN"] = Guid.NewGuid().ToString("N"),
        },
        Path.Combine(installation, "..", "node", "node_modules", ".bin", "node"), "--no-node-snapshot", "backend.cjs", "--config", "app-config.yaml");
}
