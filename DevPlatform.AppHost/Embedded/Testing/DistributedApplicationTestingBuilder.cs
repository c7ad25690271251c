using DevPlatform.AppHost.Embedded;

namespace Aspire.Hosting.Testing;

public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// The topology of an AppHost for a test: random ports, data of its own that is gone afterwards, no dashboard, and several side by side.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the AppHost's entry point up to <c>Build()</c>; the test may then change the topology before it builds it.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)"/>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)"/>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        Task.Run<IDistributedApplicationTestingBuilder>(
            () => new TestingBuilder(EntryPointCapture.Run(entryPoint.Assembly, args, EmbeddedOptions.Throwaway())), cancellationToken);

    /// <summary>An empty topology, for tests that say their own resources.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) => new TestingBuilder(new DistributedApplicationBuilder(args, EmbeddedOptions.Throwaway()));
}
