namespace Aspire.Hosting.Testing;

/// <summary>How a test reaches the resources of a running topology.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        new() { BaseAddress = app.GetEndpoint(resourceName, endpointName) };

    /// <summary>The address of an endpoint; without a name, of the http or else the first one.</summary>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var resource = app.Find<IResourceWithEndpoints>(resourceName);
        var name = endpointName ?? resource.Annotations.OfType<EndpointAnnotation>()
            .OrderBy(endpoint => endpoint.UriScheme == "http" ? 0 : 1)
            .FirstOrDefault()?.Name ?? throw new ArgumentException($"Resource '{resourceName}' has no endpoint.", nameof(resourceName));
        return new Uri(new EndpointReference(resource, name).Url);
    }

    public static ValueTask<string?> GetConnectionStringAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        app.Find<IResourceWithConnectionString>(resourceName).GetConnectionStringAsync(cancellationToken);

    private static T Find<T>(this DistributedApplication app, string name)
        where T : IResource =>
        app.Model.Resources.OfType<T>().FirstOrDefault(resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no {typeof(T).Name[1..]} '{name}'; there are {string.Join(", ", app.Model.Resources.OfType<T>().Select(resource => resource.Name))}.", nameof(name));
}
