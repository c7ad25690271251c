using System.Collections.Immutable;

namespace DevPlatform.AppHost.Embedded;

/// <summary>The links of a resource: one for each endpoint, as the topology wants them shown.</summary>
internal static class ResourceLinks
{
    public static ImmutableArray<UrlSnapshot> Of(IResource resource) =>
        [.. resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.AllocatedEndpoint is not null).Select(endpoint =>
        {
            var url = new ResourceUrlAnnotation
            {
                Url = endpoint.AllocatedEndpoint!.UriString,
                Endpoint = new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name),
            };
            foreach (var shape in resource.Annotations.OfType<UrlForEndpointAnnotation>().Where(shape => shape.EndpointName == endpoint.Name))
            {
                shape.Callback(url);
            }

            // As with Aspire, a callback may give a path instead of a whole address.
            var full = url.Url.StartsWith('/') ? endpoint.AllocatedEndpoint.UriString + url.Url : url.Url;
            return new UrlSnapshot(endpoint.Name, full, IsInternal: false) { DisplayText = url.DisplayText };
        })];
}
