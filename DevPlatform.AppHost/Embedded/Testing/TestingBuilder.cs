using System.Reflection;
using DevPlatform.AppHost.Embedded;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing;

internal sealed class TestingBuilder : IDistributedApplicationTestingBuilder, IEmbeddedBuilder
{
    private readonly DistributedApplicationBuilder _builder;
    private DistributedApplication? _application;

    public TestingBuilder(DistributedApplicationBuilder builder) => _builder = builder;

    public Assembly? AppHostAssembly => _builder.AppHostAssembly;

    public string AppHostDirectory => _builder.AppHostDirectory;

    public ConfigurationManager Configuration => _builder.Configuration;

    public DistributedApplicationExecutionContext ExecutionContext => _builder.ExecutionContext;

    public EmbeddedOptions Options => _builder.Options;

    public StateDirectory State => _builder.State;

    public IResourceCollection Resources => _builder.Resources;

    public IServiceCollection Services => _builder.Services;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => _builder.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => _builder.CreateResourceBuilder(resource);

    public DistributedApplication Build() => _application ??= new DistributedApplication(_builder);

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => Task.FromResult(Build());

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _builder.State.DeleteAll();
    }
}
