using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DevPlatform.AppHost.Embedded;

/// <summary>Text printed under the start table.</summary>
internal sealed class StartNoteAnnotation(Func<string> text) : IResourceAnnotation
{
    public Func<string> Text { get; } = text;
}

/// <summary>One table when every resource has come up or failed: name, state, where it is.</summary>
internal static class StartTable
{
    public static async Task PrintWhenSettledAsync(
        ConsoleLog console, DistributedApplicationModel model, ResourceNotificationService notifications, Uri? dashboard, CancellationToken cancellationToken)
    {
        var unsettled = model.Resources
            .Where(resource => resource.Annotations.OfType<LaunchAnnotation>().Any() && !resource.Annotations.OfType<SideJobAnnotation>().Any())
            .Select(resource => resource.Name).ToHashSet();
        var states = new Dictionary<string, CustomResourceSnapshot>();
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                states[change.Resource.Name] = change.Snapshot;
                if (IsSettled(change.Snapshot) && unsettled.Remove(change.Resource.Name) && unsettled.Count == 0)
                {
                    break;
                }
            }

            console.Write(Render(model, states, dashboard));
        }
        catch (OperationCanceledException)
        {
            // Stopped before all was up.
        }
    }

    private static bool IsSettled(CustomResourceSnapshot snapshot) =>
        snapshot.HealthStatus == HealthStatus.Healthy || snapshot.State?.Text is "Finished" or "FailedToStart";

    private static string Render(DistributedApplicationModel model, Dictionary<string, CustomResourceSnapshot> states, Uri? dashboard)
    {
        var rows = model.Resources.Where(resource => states.ContainsKey(resource.Name)).Select(resource =>
        {
            var state = states[resource.Name];
            var text = state.HealthStatus == HealthStatus.Healthy ? "Healthy" : state.State?.Text ?? "";
            var where = string.Join("  ", state.Urls.Select(url => url.Url));
            return (resource.Name, State: text, Url: text == KnownResourceStates.FailedToStart ? state.Detail ?? "" : where);
        }).ToList();
        if (dashboard is not null)
        {
            rows.Add(("dashboard", "Healthy", dashboard.ToString()));
        }

        var width = rows.Max(row => row.Name.Length);
        var table = new StringBuilder().AppendLine().AppendLine($"  {"resource".PadRight(width)}  {"state",-13}  url");
        foreach (var row in rows)
        {
            table.AppendLine($"  {row.Name.PadRight(width)}  {row.State,-13}  {row.Url}");
        }

        foreach (var note in model.Resources.SelectMany(resource => resource.Annotations.OfType<StartNoteAnnotation>()))
        {
            table.AppendLine().AppendLine(note.Text());
        }

        return table.ToString();
    }
}
