namespace DevPlatform.AppHost.Embedded.Dashboard;

/// <summary>One resource as the page shows it; the member names are those of <c>aspire describe --format json</c>.</summary>
internal sealed record ResourceView(
    string Name,
    string ResourceType,
    string? State,
    string? HealthStatus,
    string? Detail,
    int? ExitCode,
    int? ProcessId,
    int Restarts,
    DateTime? StartTimestamp,
    IReadOnlyList<UrlView> Urls,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<string> Commands)
{
    public static ResourceView Of(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        return new(
            change.Resource.Name,
            snapshot.ResourceType,
            snapshot.State?.Text,
            snapshot.HealthStatus?.ToString(),
            snapshot.Detail,
            snapshot.ExitCode,
            snapshot.ProcessId,
            snapshot.Restarts,
            snapshot.StartTimeStamp,
            [.. snapshot.Urls.Select(url => new UrlView(url.Name, url.DisplayText, url.Url))],
            snapshot.EnvironmentVariables.ToDictionary(variable => variable.Name, variable => variable.Value ?? ""),
            ResourceCommandService.Commands);
    }

    public static IEnumerable<ResourceView> All(DistributedApplication app) =>
        app.Model.Resources.Select(resource => app.ResourceNotifications.TryGetCurrentState(resource.Name, out var state) ? Of(state!) : null).OfType<ResourceView>();
}

internal sealed record UrlView(string? Name, string? DisplayName, string Url);
