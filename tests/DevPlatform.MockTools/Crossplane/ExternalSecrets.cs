using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;
using DevPlatform.MockTools.Kubernetes.Objects;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>
/// The External Secrets Operator for Vault: fills the Secret of each ExternalSecret from the key-value engine or from a VaultDynamicSecret
/// generator, again after its refresh interval, and says so in the condition <c>Ready</c>.
/// </summary>
internal sealed class ExternalSecrets(ClusterClient cluster, VaultClient vault, CrossplaneOptions options, TimeProvider time, ILogger<ExternalSecrets> log) : BackgroundService
{
    private const string Stores = "apis/external-secrets.io/v1";
    private readonly Signal _changed = new();

    // What is filled, by uid and generation: the watch tells it later, and each look at Vault would be another lease.
    private readonly Dictionary<string, DateTimeOffset> _filled = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.VaultUrl is null)
        {
            return;
        }

        var cache = new ClusterCache(cluster, $"{Stores}/externalsecrets", _changed.Set, log);
        var watching = cache.RunAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _changed.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken);
            foreach (var external in cache.Objects.Where(IsDue))
            {
                await SyncAsync(external, stoppingToken);
            }
        }

        await watching;
    }

    private bool IsDue(JsonObject external)
    {
        if (external.Text("metadata", "deletionTimestamp") is not null)
        {
            return false;
        }

        // A failure is tried again at every pass, a success after the interval; 0 means never again.
        var interval = Duration(external.Text("spec", "refreshInterval") ?? "1h");
        var filled = _filled.TryGetValue(Version(external), out var at) ? at
            : external.Text("status", "refreshTime") is { } told && external.Text("status", "syncedResourceVersion") == Version(external) ? DateTimeOffset.Parse(told)
            : (DateTimeOffset?)null;
        return filled is null || (interval > TimeSpan.Zero && time.GetUtcNow() - filled >= interval);
    }

    private static string Version(JsonObject external) => $"{external.At("metadata", "generation")}-{external.Text("metadata", "uid")}";

    private async Task SyncAsync(JsonObject external, CancellationToken cancellationToken)
    {
        var (home, name) = (external.Text("metadata", "namespace")!, external.Text("metadata", "name")!);
        var address = $"{Stores}/namespaces/{home}/externalsecrets/{name}";
        try
        {
            try
            {
                var data = await ReadAsync(external, home, cancellationToken);
                await WriteAsync(external, home, data, cancellationToken);
                _filled[Version(external)] = time.GetUtcNow();
            }
            catch (Exception error) when (error is HttpRequestException or InvalidOperationException)
            {
                log.LogDebug("{Namespace}/{Name}: {Error}", home, name, error.Message);
                await cluster.SetStatusAsync(address, external, time.GetUtcNow(), [new Condition("Ready", false, "SecretSyncedError", error.Message)], null, cancellationToken);
                return;
            }

            var status = new JsonObject
            {
                ["refreshTime"] = ObjectRules.Timestamp(time.GetUtcNow()),
                ["syncedResourceVersion"] = Version(external),
                ["binding"] = new JsonObject { ["name"] = external.Text("spec", "target", "name") ?? name },
            };
            await cluster.SetStatusAsync(address, external, time.GetUtcNow(), [new Condition("Ready", true, "SecretSynced", "secret synced")], status, cancellationToken);
        }
        catch (Exception error) when (error is ClusterException or HttpRequestException or OperationCanceledException)
        {
            log.LogDebug("{Namespace}/{Name}: {Error}", home, name, error.Message);
        }
    }

    private async Task<JsonObject> ReadAsync(JsonObject external, string home, CancellationToken cancellationToken)
    {
        var data = new JsonObject();
        foreach (var source in external.Objects("spec", "dataFrom"))
        {
            var values = source.At("sourceRef", "generatorRef") is JsonObject generator
                ? await GenerateAsync(generator, home, cancellationToken)
                : await ValuesAsync(external, source.Text("extract", "key"), home, cancellationToken);
            foreach (var (key, value) in values)
            {
                data[key] = value?.ToString();
            }
        }

        foreach (var item in external.Objects("spec", "data"))
        {
            var values = await ValuesAsync(external, item.Text("remoteRef", "key"), home, cancellationToken);
            var property = item.Text("remoteRef", "property");
            data[item.Text("secretKey")!] = property is null ? values.ToJsonString()
                : values[property]?.ToString() ?? throw new InvalidOperationException($"could not get secret data from provider: cannot find secret data for key: \"{property}\"");
        }

        return data;
    }

    private async Task<JsonObject> GenerateAsync(JsonObject reference, string home, CancellationToken cancellationToken)
    {
        var name = reference.Text("name");
        var generator = await cluster.GetAsync($"apis/generators.external-secrets.io/v1alpha1/namespaces/{home}/vaultdynamicsecrets/{name}", cancellationToken)
            ?? throw new InvalidOperationException($"could not get secret data from provider: VaultDynamicSecret \"{name}\" not found");
        var path = generator.Text("spec", "path")!.TrimStart('/');
        return await vault.ReadAsync(path, cancellationToken) as JsonObject ?? throw new InvalidOperationException($"could not get secret data from provider: Vault has nothing at {path}");
    }

    private async Task<JsonObject> ValuesAsync(JsonObject external, string? key, string home, CancellationToken cancellationToken)
    {
        var store = external.Text("spec", "secretStoreRef", "name") ?? "";
        var found = await cluster.GetAsync(
            external.Text("spec", "secretStoreRef", "kind") == "ClusterSecretStore" ? $"{Stores}/clustersecretstores/{store}" : $"{Stores}/namespaces/{home}/secretstores/{store}", cancellationToken)
            ?? throw new InvalidOperationException($"could not get secret data from provider: SecretStore \"{store}\" not found");
        var mount = found.Text("spec", "provider", "vault", "path") ?? "secret";
        var secret = await vault.ReadAsync($"{mount}/data/{key}", cancellationToken);
        return secret.At("data") as JsonObject ?? throw new InvalidOperationException("could not get secret data from provider: Secret does not exist");
    }

    private Task<JsonObject> WriteAsync(JsonObject external, string home, JsonObject data, CancellationToken cancellationToken)
    {
        var name = external.Text("spec", "target", "name") ?? external.Text("metadata", "name")!;
        var encoded = new JsonObject([.. data.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(d.Value!.GetValue<string>()))))]);
        return cluster.ApplyAsync($"api/v1/namespaces/{home}/secrets/{name}", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = external.Text("apiVersion"),
                    ["kind"] = "ExternalSecret",
                    ["name"] = external.Text("metadata", "name"),
                    ["uid"] = external.Text("metadata", "uid"),
                    ["controller"] = true,
                }),
            },
            ["type"] = "Opaque",
            ["data"] = encoded,
        }, cancellationToken);
    }

    private static TimeSpan Duration(string text) => double.TryParse(text.TrimEnd('h', 'm', 's'), out var number)
        ? text[^1] switch { 'h' => TimeSpan.FromHours(number), 'm' => TimeSpan.FromMinutes(number), _ => TimeSpan.FromSeconds(number) }
        : TimeSpan.FromHours(1);
}
