namespace DevPlatform.AppHost.Embedded;

/// <summary>Runs a project's built assembly, which is several times faster to start than <c>dotnet run</c>.</summary>
internal static class DotnetProcess
{
    public static ProcessSpec For(string projectPath, LaunchContext context)
    {
        var assembly = AppHostMetadata.OutputOf(projectPath)
            ?? throw new DistributedApplicationException($"{projectPath} is not a ProjectReference of DevPlatform.AppHost.csproj, so its output is unknown.");
        if (!File.Exists(assembly))
        {
            throw new DistributedApplicationException($"{assembly} is missing. Build the AppHost: dotnet build DevPlatform.AppHost.");
        }

        return new ProcessSpec(Host(), ["exec", assembly, .. context.Arguments], Path.GetDirectoryName(projectPath)!, context.Environment);
    }

    // The SDK names the host it runs in; our own process is one too, unless it was started through its native launcher.
    private static string Host() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath!
        : "dotnet";
}
