using DevPlatform.Integrations.Contracts;

namespace DevPlatform.Integrations.ArgoCd;

/// <summary>Answers <see cref="GetArgoCdApplication"/> from the tool itself, never from a cache: a task waits for what it says.</summary>
public static class GetArgoCdApplicationHandler
{
    /// <summary>Asks Argo CD.</summary>
    public static async Task<ArgoCdApplicationStatus> HandleAsync(
        GetArgoCdApplication query, ArgoCdClient argoCd, CancellationToken cancellationToken)
    {
        var application = await argoCd.GetApplicationAsync(query.Name, refresh: false, cancellationToken);
        if (application is null)
        {
            return new ArgoCdApplicationStatus(query.Name, Found: false);
        }

        var status = application.Status;
        var operation = status?.OperationState;
        var error = status?.Conditions?.FirstOrDefault(c => c.Type?.EndsWith("Error", StringComparison.Ordinal) == true);
        return new ArgoCdApplicationStatus(
            query.Name,
            Found: true,
            status?.Sync?.Status,
            status?.Health?.Status,
            status?.Sync?.Revision,
            operation?.Phase == "Succeeded" ? operation.SyncResult?.Revision : status?.History is [.., var last] ? last.Revision : null,
            operation?.Phase,
            error is null ? operation?.Message : $"{error.Type}: {error.Message}");
    }
}

/// <summary>Handles <see cref="RefreshArgoCdApplication"/>.</summary>
public static class RefreshArgoCdApplicationHandler
{
    /// <summary>Has Argo CD look at Git now; an application that it does not know is no error, since there is nothing to refresh.</summary>
    public static Task HandleAsync(RefreshArgoCdApplication command, ArgoCdClient argoCd, CancellationToken cancellationToken) =>
        argoCd.GetApplicationAsync(command.Name, refresh: true, cancellationToken);
}
