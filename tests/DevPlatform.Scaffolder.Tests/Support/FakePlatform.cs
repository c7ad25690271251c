using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DevPlatform.Access.Contracts;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Scaffolder.Contracts;

namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>What the other modules would know and do, behind their contracts; shared by all hosts of a test.</summary>
public sealed class FakePlatform
{
    public ConcurrentDictionary<string, JsonObject> Entities { get; } = new(StringComparer.Ordinal);

    /// <summary>State and message of a Resource; none for one that is not listed.</summary>
    public ConcurrentDictionary<string, (string State, string? Message)> States { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, string[]> Resources { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<RecordAuditEvent> Audit { get; } = new();

    public ConcurrentQueue<RequestApproval> Approvals { get; } = new();

    public ConcurrentQueue<CancelApproval> CancelledApprovals { get; } = new();

    public ConcurrentQueue<TaskStatusChanged> StatusChanges { get; } = new();

    public ConcurrentQueue<RegisterLocation> Registrations { get; } = new();

    /// <summary>What Argo CD says about an application.</summary>
    public Func<string, ArgoCdApplicationStatus> ArgoCd { get; set; } = name => new ArgoCdApplicationStatus(name, false);

    /// <summary>Adds a template given as YAML.</summary>
    public string AddTemplate(string yaml, string? baseUrl = null)
    {
        var entity = Yaml.Parse(yaml);
        entity["apiVersion"] ??= "scaffolder.backstage.io/v1beta3";
        entity["kind"] ??= "Template";
        var metadata = (JsonObject)entity["metadata"]!;
        if (baseUrl is not null)
        {
            var annotations = metadata["annotations"] as JsonObject ?? (JsonObject)(metadata["annotations"] = new JsonObject())!;
            annotations["backstage.io/managed-by-location"] = $"url:{baseUrl}";
        }

        var entityRef = $"template:default/{metadata["name"]}";
        Entities[entityRef] = entity;
        return entityRef;
    }
}

public static class FakeCatalogHandler
{
    public static EntityDocument Handle(GetEntity query, FakePlatform platform)
    {
        var key = query.EntityRef.ToLowerInvariant();
        var state = platform.States.TryGetValue(key, out var known) ? known : default;
        return platform.Entities.TryGetValue(key, out var entity)
            ? new EntityDocument(key, true, entity.ToJsonString(), [entity["spec"]?["owner"]?.ToString() ?? "group:default/platform"], state.State, state.Message)
            : new EntityDocument(key, false, null, [], null);
    }

    public static ResourceList Handle(ListResources query, FakePlatform platform) =>
        new(platform.Resources.GetValueOrDefault($"{query.Type}/{query.Environment}/{query.Owner}") ?? []);

    public static LocationRegistered Handle(RegisterLocation command, FakePlatform platform)
    {
        platform.Registrations.Enqueue(command);
        var name = command.Target.Split('/')[^2];
        var entityRef = $"resource:default/{name}";
        platform.Entities[entityRef] = new JsonObject { ["kind"] = "Resource", ["metadata"] = new JsonObject { ["name"] = name } };
        return new LocationRegistered(Guid.NewGuid(), [entityRef]);
    }
}

public static class FakeIntegrationsHandler
{
    public static ArgoCdApplicationStatus Handle(GetArgoCdApplication query, FakePlatform platform) => platform.ArgoCd(query.Name);

    public static void Handle(RefreshArgoCdApplication command) => ArgumentNullException.ThrowIfNull(command);
}

public static class FakeIdentityHandler
{
    public static void Handle(RecordAuditEvent command, FakePlatform platform) => platform.Audit.Enqueue(command);
}

public static class FakeAccessHandler
{
    public static void Handle(RequestApproval command, FakePlatform platform) => platform.Approvals.Enqueue(command);

    public static void Handle(CancelApproval command, FakePlatform platform) => platform.CancelledApprovals.Enqueue(command);
}

public static class StatusChangesHandler
{
    public static void Handle(TaskStatusChanged changed, FakePlatform platform) => platform.StatusChanges.Enqueue(changed);
}
