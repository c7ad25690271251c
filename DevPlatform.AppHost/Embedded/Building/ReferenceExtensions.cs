namespace Aspire.Hosting;

/// <summary>References: what one resource is told about another, in the variables Aspire injects.</summary>
public static partial class ResourceBuilderExtensions
{
    /// <summary><c>ConnectionStrings__&lt;name&gt;</c> and one <c>&lt;NAME&gt;_&lt;PROPERTY&gt;</c> for each part of the connection.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[$"ConnectionStrings__{name}"] = resource.ConnectionStringExpression;
            foreach (var (property, value) in resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{Upper(name)}_{property.ToUpperInvariant()}"] = value;
            }
        });
    }

    /// <summary>Every http and https endpoint of the source.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme is "http" or "https"))
            {
                context.AddEndpoint(new EndpointReference(source.Resource, endpoint.Name));
            }
        });

    /// <summary><c>services__&lt;name&gt;__&lt;endpoint&gt;__0</c> and <c>&lt;NAME&gt;_&lt;ENDPOINT&gt;</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment => builder.WithEnvironment(context => context.AddEndpoint(endpointReference));

    private static void AddEndpoint(this EnvironmentCallbackContext context, EndpointReference endpoint)
    {
        var name = endpoint.Resource.Name;
        context.EnvironmentVariables[$"services__{name}__{endpoint.EndpointName}__0"] = endpoint;
        context.EnvironmentVariables[$"{Upper(name)}_{Upper(endpoint.EndpointName)}"] = endpoint;
    }

    private static string Upper(string name) => name.Replace('-', '_').ToUpperInvariant();
}
