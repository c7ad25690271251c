using System.Reflection;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using JasperFx;
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Postgresql;

namespace DevPlatform.Shared.Messaging;

/// <summary>How the modules talk: Wolverine in process, with durable queues in PostgreSQL.</summary>
public static class PlatformMessagingExtensions
{
    /// <summary>The PostgreSQL schema of Wolverine's tables.</summary>
    public const string Schema = "wolverine";

    /// <summary>
    /// The code that calls handlers is in the application's assembly (<c>./dev handlers</c> generates it). While developing and in tests a handler
    /// without it is compiled at its first message; what is published has no compiler.
    /// </summary>
    private static bool IsCompilerThere { get; } = Type.GetType("JasperFx.RuntimeCompiler.AssemblyGenerator, JasperFx.RuntimeCompiler") is not null;

    /// <summary>
    /// Adds Wolverine with the outbox. Every module adds its own handlers with <see cref="AddModuleMessages"/>.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionString">The platform's database.</param>
    /// <param name="applicationAssembly">The host's assembly; Wolverine would guess, and caches its guess per process.</param>
    public static IHostApplicationBuilder AddPlatformMessaging(
        this IHostApplicationBuilder builder, string connectionString, Assembly applicationAssembly)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IAuditTrail, AuditTrail>();
        builder.Services.AddScoped(typeof(Outbox<>));
        // Wolverine looks for extensions by loading every assembly that is deployed; the compiler's is the only one.
        builder.Services.AddWolverine(IsCompilerThere ? ExtensionDiscovery.Automatic : ExtensionDiscovery.ManualOnly, options =>
        {
            options.ApplicationAssembly = applicationAssembly;
            options.CodeGeneration.TypeLoadMode = IsCompilerThere ? TypeLoadMode.Auto : TypeLoadMode.Static;
            options.CodeGeneration.SourceCodeWritingEnabled = false;
            // DatabaseMigrator makes the tables; looking for changes at every start would cost a second.
            options.AutoBuildMessageStorageOnStartup = AutoCreate.None;
            options.PersistMessagesWithPostgresql(connectionString, Schema);
            options.Policies.UseDurableLocalQueues();
            TakeOverQuickly(options.Durability);
            options.MultipleHandlerBehavior = MultipleHandlerBehavior.Separated;
            options.ServiceLocationPolicy = ServiceLocationPolicy.AllowedButWarn;
            // A caller's mistake does not get better by trying again; anything else may.
            options.Policies.OnException<PlatformException>(e => e is not ServiceUnavailableException).MoveToErrorQueue();
            options.Policies.OnAnyException()
                .RetryWithCooldown(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250))
                .Then.ScheduleRetry(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30))
                .Then.MoveToErrorQueue();
        });
        return builder;
    }

    /// <summary>
    /// A killed replica's messages run elsewhere within 30 s (Wolverine's own settings take up to 90 s): not heard of for 12 s, seen so twice at
    /// intervals of 4 s, then found by a sweep every 5 s.
    /// </summary>
    private static void TakeOverQuickly(DurabilitySettings durability)
    {
        durability.FirstHealthCheckExecution = TimeSpan.FromSeconds(1);
        durability.HealthCheckPollingTime = TimeSpan.FromSeconds(4);
        durability.StaleNodeTimeout = TimeSpan.FromSeconds(12);
        // Counting what is stored is for dashboards.
        durability.UpdateMetricsPeriod = TimeSpan.FromSeconds(30);
        durability.NodeAssignmentHealthCheckTracingEnabled = false;
    }

    /// <summary>Adds a module's handlers, and what it sets for its queues.</summary>
    public static IServiceCollection AddModuleMessages(
        this IServiceCollection services, Assembly moduleAssembly, Action<WolverineOptions>? configure = null) =>
        services.ConfigureWolverine(options =>
        {
            options.Discovery.IncludeAssembly(moduleAssembly);
            configure?.Invoke(options);
        });
}
