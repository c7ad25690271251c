using System.Net.Sockets;
using DevPlatform.AppHost.Embedded;

namespace Aspire.Hosting;

/// <summary>Endpoints, their health and their links.</summary>
public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    public static IResourceBuilder<T> WithHttpsEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "https", name, env, isProxied);

    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null,
        bool? isExternal = null,
        ProtocolType? protocol = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = new EndpointAnnotation(protocol ?? ProtocolType.Tcp, scheme, name: name, port: port, targetPort: targetPort) { PortVariable = env };
        ResourceName.ThrowIfInvalid(endpoint.Name);
        if (builder.Resource.Annotations.OfType<EndpointAnnotation>().Any(other => string.Equals(other.Name, endpoint.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"Endpoint '{endpoint.Name}' of resource '{builder.Resource.Name}' exists already; give the second one another name.");
        }

        return builder.WithAnnotation(endpoint);
    }

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints => builder;

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Healthy when <paramref name="path"/> answers <paramref name="statusCode"/> (200).</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = endpointName is not null
            ? builder.GetEndpoint(endpointName)
            : new EndpointReference(
                builder.Resource,
                builder.Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(candidate => candidate.UriScheme is "http" or "https")?.Name
                ?? throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' has no http endpoint to check."));
        path ??= "/";
        var expected = statusCode ?? 200;
        return builder.WithAnnotation(new HealthCheckAnnotation($"{builder.Resource.Name}_{endpoint.EndpointName}_{path}_{expected}_check")
        {
            Check = cancellationToken => HealthProbe.HttpAsync(new Uri(new Uri(endpoint.Url), path), expected, cancellationToken),
        });
    }

    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback)
        where T : IResource => builder.WithAnnotation(new UrlForEndpointAnnotation(endpointName, callback));
}
