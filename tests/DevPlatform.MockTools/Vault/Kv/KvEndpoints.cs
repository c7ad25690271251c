using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Kv;

/// <summary>The key-value engine, version 2, mounted at <c>secret/</c>: the secrets themselves. <see cref="KvMetadataEndpoints"/> has the rest.</summary>
internal sealed class KvEndpoints(VaultStore store, TimeProvider time)
{
    private const int DefaultMaxVersions = 10;

    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<KvEndpoints>(services);
        v1.MapGet("/secret/data/{**path}", endpoints.Read);
        v1.MapPost("/secret/data/{**path}", endpoints.WriteAsync);
        v1.MapPatch("/secret/data/{**path}", endpoints.PatchAsync);
        v1.MapDelete("/secret/data/{**path}", (string path) => endpoints.Mark(path, null, (v, now) => v.Deleted = now));
        v1.MapPost("/secret/delete/{**path}", (HttpContext http, string path) => endpoints.MarkAsync(http, path, (v, now) => v.Deleted ??= now));
        v1.MapPost("/secret/undelete/{**path}", (HttpContext http, string path) => endpoints.MarkAsync(http, path, (v, _) => v.Deleted = null));
        v1.MapPost("/secret/destroy/{**path}",
            (HttpContext http, string path) => endpoints.MarkAsync(http, path, (v, _) => (v.Destroyed, v.Json) = (true, null)));
    }

    private Answer Read(string path, int? version) => store.Read(data =>
    {
        var secret = data.Secrets.GetValueOrDefault(path) ?? throw VaultException.Missing();
        var number = version is > 0 ? version.Value : secret.CurrentVersion;
        var found = secret.Versions.GetValueOrDefault(number) ?? throw VaultException.Missing();
        var metadata = VersionMetadata(secret, number, found);
        return found.Json is null || found.Deleted is not null
            ? throw new VaultException(404, [], new { data = (object?)null, metadata })
            : new Answer(new { data = JsonNode.Parse(found.Json), metadata }, MountType: "kv");
    });

    private async Task<Answer> WriteAsync(HttpContext http, string path)
    {
        var body = await Body.ReadAsync(http.Request);
        var value = body.Member("data") ?? throw new VaultException(400, "no data provided");
        return Save(path, body, _ => value.GetRawText());
    }

    /// <summary>JSON merge patch (RFC 7396) of the newest version.</summary>
    private async Task<Answer> PatchAsync(HttpContext http, string path)
    {
        if (http.Request.ContentType?.StartsWith("application/merge-patch+json", StringComparison.Ordinal) != true)
        {
            throw new VaultException(415, "PATCH requires Content-Type of application/merge-patch+json");
        }

        var body = await Body.ReadAsync(http.Request);
        var patch = body.Member("data") ?? throw new VaultException(400, "no data provided");
        return Save(path, body, secret => secret?.Versions.GetValueOrDefault(secret.CurrentVersion) is { Json: { } json, Deleted: null }
            ? Merge(JsonNode.Parse(json), patch)!.ToJsonString()
            : throw VaultException.Missing());
    }

    private Answer Save(string path, JsonElement body, Func<KvSecret?, string> content) => store.Write(data =>
    {
        var now = time.GetUtcNow();
        var secret = data.Secrets.GetValueOrDefault(path);
        var cas = body.Member("options")?.Duration("cas");
        if (cas is null && secret?.CasRequired == true)
        {
            throw new VaultException(400, "check-and-set parameter required for this call");
        }

        if (cas is not null && cas != (secret?.CurrentVersion ?? 0))
        {
            throw new VaultException(400, "check-and-set parameter did not match the current version");
        }

        var json = content(secret);
        secret ??= data.Secrets[path] = new KvSecret { Created = now, Updated = now };
        secret.Updated = now;
        var version = secret.Versions[++secret.CurrentVersion] = new KvVersion { Json = json, Created = now };
        while (secret.Versions.Count > (secret.MaxVersions > 0 ? secret.MaxVersions : DefaultMaxVersions))
        {
            secret.Versions.Remove(secret.Versions.Keys.First());
        }

        return new Answer(VersionMetadata(secret, secret.CurrentVersion, version), MountType: "kv");
    });

    private async Task<Answer> MarkAsync(HttpContext http, string path, Action<KvVersion, DateTimeOffset> mark)
    {
        var versions = (await Body.ReadAsync(http.Request)).List("versions") ?? throw new VaultException(400, "no version number provided");
        return Mark(path, [.. versions.Select(int.Parse)], mark);
    }

    private Answer Mark(string path, int[]? versions, Action<KvVersion, DateTimeOffset> mark) => store.Write(data =>
    {
        if (data.Secrets.GetValueOrDefault(path) is { } secret)
        {
            foreach (var version in versions ?? [secret.CurrentVersion])
            {
                if (secret.Versions.GetValueOrDefault(version) is { } found)
                {
                    mark(found, time.GetUtcNow());
                }
            }
        }

        return Answer.Nothing;
    });

    private static object VersionMetadata(KvSecret secret, int number, KvVersion version) => new
    {
        created_time = version.Created,
        custom_metadata = secret.CustomMetadata,
        deletion_time = version.Deleted?.ToString("O") ?? "",
        destroyed = version.Destroyed,
        version = number,
    };

    private static JsonNode? Merge(JsonNode? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            return JsonNode.Parse(patch.GetRawText());
        }

        var merged = target as JsonObject ?? [];
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                merged.Remove(member.Name);
            }
            else
            {
                merged[member.Name] = Merge(merged[member.Name]?.DeepClone(), member.Value);
            }
        }

        return merged;
    }
}
