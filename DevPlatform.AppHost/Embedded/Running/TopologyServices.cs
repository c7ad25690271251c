namespace DevPlatform.AppHost.Embedded;

/// <summary>What the runners of one topology share.</summary>
internal sealed record TopologyServices(
    ResourceNotificationService Notifications,
    ResourceLogs Logs,
    ProcessLauncher Launcher,
    Dependencies Dependencies,
    DistributedApplicationExecutionContext Execution,
    IReadOnlyList<ParameterResource> Parameters,
    TimeProvider Time);
