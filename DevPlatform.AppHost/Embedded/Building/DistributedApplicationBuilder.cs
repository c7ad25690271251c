using System.Reflection;
using DevPlatform.AppHost.Embedded;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>What only this implementation of the builder knows.</summary>
internal interface IEmbeddedBuilder
{
    EmbeddedOptions Options { get; }

    /// <summary>Where this topology keeps its data.</summary>
    StateDirectory State { get; }
}

internal static class EmbeddedBuilderExtensions
{
    public static IEmbeddedBuilder Embedded(this IDistributedApplicationBuilder builder) => (IEmbeddedBuilder)builder;
}

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder, IEmbeddedBuilder
{
    public DistributedApplicationBuilder(string[] args, EmbeddedOptions? options = null)
    {
        AppHostAssembly = typeof(DistributedApplicationBuilder).Assembly;
        AppHostDirectory = AppHostMetadata.Directory;
        var environment = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Development";
        Configuration.SetBasePath(AppHostDirectory);
        Configuration.AddJsonFile("appsettings.json", optional: true);
        Configuration.AddJsonFile($"appsettings.{environment}.json", optional: true);
        Configuration.AddEnvironmentVariables();
        Configuration.AddCommandLine([.. args.Where(arg => arg.StartsWith("--", StringComparison.Ordinal) && arg.Contains('='))]);
        Options = options ?? EmbeddedOptions.From(Configuration, args);
        State = StateDirectory.Choose(Options.DataDirectory, AppHostDirectory);
        Services.AddLogging();
        Services.AddSingleton<IConfiguration>(Configuration);
    }

    public Assembly? AppHostAssembly { get; }

    public string AppHostDirectory { get; }

    public ConfigurationManager Configuration { get; } = new();

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IServiceCollection Services { get; } = new ServiceCollection();

    public EmbeddedOptions Options { get; }

    public StateDirectory State { get; }

    /// <summary>Set when a test wants the topology instead of running it.</summary>
    public Action<DistributedApplicationBuilder>? Building { get; init; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"Cannot add resource '{resource.Name}': that name is in use. Resource names are unique, whatever their case.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        Building?.Invoke(this);
        return new DistributedApplication(this);
    }
}
