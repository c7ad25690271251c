using DevPlatform.AppHost.Topology;

namespace DevPlatform.AppHost.Tests.Support;

/// <summary>A host with little in it, run as a process of its own: PostgreSQL, and a shell that starts a process which leaves its group.</summary>
internal static class HostProgram
{
    public static async Task Main(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(args);
        var postgres = builder.AddPlatformPostgres("postgres", builder.AddParameter("postgres-password", secret: true));
        builder.AddExecutable("family", "sh", ".", "-c", "sleep 1000 & setsid sleep 1000 & wait").WaitFor(postgres.AddDatabase("devplatform"));
        await using var app = builder.Build();
        await app.RunAsync();
    }
}
