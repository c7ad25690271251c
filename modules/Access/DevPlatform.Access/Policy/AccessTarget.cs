using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Policy;

/// <summary>What a catalog entity is as a target of access.</summary>
/// <param name="ResourceRef">Its entity ref.</param>
/// <param name="Target">database, ssh, kubernetes-exec or port-forward.</param>
/// <param name="Environment">development, staging or production.</param>
/// <param name="Owners">Refs of its owners.</param>
/// <param name="TeleportResource">The Teleport resource through which sessions are recorded, <c>kind/name</c>.</param>
/// <param name="VaultRole">Stem of the Vault database roles, for databases.</param>
internal sealed record AccessTarget(
    string ResourceRef, string Target, string Environment, IReadOnlyList<string> Owners, string TeleportResource, string? VaultRole);

/// <summary>Reads access targets from entities.</summary>
internal sealed class AccessTargetReader(IOptionsMonitor<AccessOptions> options)
{
    public const string EnvironmentKey = "devplatform.io/environment";
    public const string VaultRoleKey = "devplatform.io/vault-database-role";
    public const string TeleportResourceKey = "devplatform.io/teleport-resource";
    private const string SourceKey = "backstage.io/managed-by-location";

    private static readonly Dictionary<string, string[]> TeleportKinds = new(StringComparer.Ordinal)
    {
        [AccessTargets.Database] = ["db"],
        [AccessTargets.Ssh] = ["node"],
        [AccessTargets.KubernetesExec] = ["kube_cluster", "pod"],
        [AccessTargets.PortForward] = ["kube_cluster", "pod", "app"],
    };

    /// <summary>Reads what a request needs from the entity.</summary>
    /// <param name="document">The catalog's answer.</param>
    /// <param name="asked">The target the request names; null = the entity's first.</param>
    /// <exception cref="NotFoundException">There is no such entity.</exception>
    /// <exception cref="InputException">The entity is no target of access, or does not say enough to be one.</exception>
    public AccessTarget Read(EntityDocument document, string? asked)
    {
        if (!document.Found)
        {
            throw new NotFoundException($"\"resource\" is not in the catalog: {document.EntityRef}");
        }

        using var json = JsonDocument.Parse(document.Json!);
        var entity = json.RootElement;
        var target = TargetOf(document.EntityRef, entity, asked);
        RequireTrustedSource(document.EntityRef, entity);
        var environment = Label(entity, EnvironmentKey);
        if (!AccessTargets.Environments.Contains(environment, StringComparer.Ordinal))
        {
            throw Refuse(document.EntityRef, EnvironmentKey, environment, string.Join(", ", AccessTargets.Environments));
        }

        var vaultRole = target == AccessTargets.Database ? Label(entity, VaultRoleKey) : null;
        if (target == AccessTargets.Database && !IsPathSegment(vaultRole))
        {
            throw Refuse(document.EntityRef, VaultRoleKey, vaultRole, "the stem of its Vault database roles: letters, digits, '-', '_' and '.'");
        }

        return new(document.EntityRef, target, environment!, document.Owners, TeleportResourceOf(document.EntityRef, entity, target, vaultRole), vaultRole);
    }

    private string TargetOf(string entityRef, JsonElement entity, string? asked)
    {
        var kind = entity.GetProperty("kind").GetString()!.ToLowerInvariant();
        var type = entity.TryGetProperty("spec", out var spec) && spec.TryGetProperty("type", out var t) ? t.GetString() : null;
        var rule = options.CurrentValue.Targets.FirstOrDefault(r => r.Kind == kind && type is not null && r.Types.Contains(type))
            ?? throw InputException.For("resource", $"{entityRef} of type {type ?? "none"}",
                $"an entity that access can be given to: {string.Join("; ", options.CurrentValue.Targets.Select(r => $"{r.Kind} of type {string.Join(", ", r.Types)}"))}");
        return asked is null ? rule.Targets[0]
            : rule.Targets.Contains(asked) ? asked
            : throw InputException.For("target", asked, string.Join(", ", rule.Targets));
    }

    // INV-13: what cannot be reached through Teleport cannot be recorded, and is not given. The databases that the platform makes are
    // enrolled in Teleport under the stem of their Vault roles.
    private static string TeleportResourceOf(string entityRef, JsonElement entity, string target, string? vaultRole)
    {
        var resource = Label(entity, TeleportResourceKey) ?? (vaultRole is null ? null : $"db/{vaultRole}");
        var kinds = TeleportKinds[target];
        return resource?.Split('/', 2) is [var kind, { Length: > 0 }] && kinds.Contains(kind, StringComparer.Ordinal)
            ? resource
            : throw Refuse(entityRef, TeleportResourceKey, resource,
                $"<kind>/<name> of the Teleport resource that records its sessions, kind {string.Join(" or ", kinds)}");
    }

    private void RequireTrustedSource(string entityRef, JsonElement entity)
    {
        var sources = options.CurrentValue.TrustedSources;
        var source = Annotation(entity, SourceKey);
        var url = source is not null && source.StartsWith("url:", StringComparison.Ordinal) ? source["url:".Length..] : source;
        if (url is null || !sources.Any(s => IsWithin(url, s)))
        {
            throw new NotAllowedException(
                $"Access to {entityRef} cannot be given: it is described in \"{source}\", and only entities from {(sources.Count == 0 ? "repositories listed in Access:TrustedSources" : string.Join(", ", sources))} may say what access to them means");
        }
    }

    // Compared as parsed: "…/gitops/../elsewhere/…" is elsewhere.
    private static bool IsWithin(string url, string repository)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var found) || !Uri.TryCreate(repository.TrimEnd('/'), UriKind.Absolute, out var trusted))
        {
            return false;
        }

        var stem = trusted.AbsolutePath.EndsWith(".git", StringComparison.Ordinal) ? trusted.AbsolutePath[..^4] : trusted.AbsolutePath;
        return (found.Scheme, found.Authority, found.UserInfo) == (trusted.Scheme, trusted.Authority, "")
            && (found.AbsolutePath.StartsWith(stem + "/", StringComparison.Ordinal) || found.AbsolutePath.StartsWith(stem + ".git/", StringComparison.Ordinal));
    }

    private static InputException Refuse(string entityRef, string key, string? found, string allowed) =>
        InputException.For("resource", $"{entityRef} with {key} {found ?? "missing"}", $"an entity with {key}: {allowed}");

    private static bool IsPathSegment(string? text) =>
        text is { Length: > 0 and <= 200 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && text.Trim('.').Length > 0;

    private static string? Label(JsonElement entity, string key) => Annotation(entity, key) ?? Metadata(entity, "labels", key);

    private static string? Annotation(JsonElement entity, string key) => Metadata(entity, "annotations", key);

    private static string? Metadata(JsonElement entity, string map, string key) =>
        entity.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty(map, out var values) && values.TryGetProperty(key, out var value)
            ? value.GetString()
            : null;
}
