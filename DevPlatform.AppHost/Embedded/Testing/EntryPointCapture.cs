using System.Reflection;

namespace DevPlatform.AppHost.Embedded;

/// <summary>Runs an AppHost's entry point on behalf of a test and takes its topology away at <c>Build()</c>.</summary>
internal sealed class EntryPointCapture(EmbeddedOptions options)
{
    private static readonly AsyncLocal<EntryPointCapture?> Ambient = new();
    private DistributedApplicationBuilder? _captured;

    public static EntryPointCapture? Current => Ambient.Value;

    public static DistributedApplicationBuilder Run(Assembly appHost, string[] args, EmbeddedOptions options)
    {
        var capture = new EntryPointCapture(options);
        Ambient.Value = capture;
        try
        {
            appHost.EntryPoint!.Invoke(null, appHost.EntryPoint.GetParameters().Length == 0 ? null : [args]);
        }
        catch (TargetInvocationException e) when (e.InnerException is CapturedException)
        {
            return capture._captured!;
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
        }
        finally
        {
            Ambient.Value = null;
        }

        throw new InvalidOperationException($"The entry point of {appHost.GetName().Name} ended without building a topology.");
    }

    public DistributedApplicationBuilder CreateBuilder(string[] args) => new(args, options)
    {
        Building = builder =>
        {
            _captured = builder;
            throw new CapturedException();
        },
    };

    private sealed class CapturedException : Exception;
}
