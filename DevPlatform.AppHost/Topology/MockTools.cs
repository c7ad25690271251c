#if EMBEDDED_ORCHESTRATOR
namespace DevPlatform.AppHost.Topology;

/// <summary>Mock tools as processes of this machine.</summary>
internal static class MockTools
{
    private const string Project = "../tests/DevPlatform.MockTools/DevPlatform.MockTools.csproj";

    /// <summary>Runs <c>DevPlatform.MockTools &lt;name&gt;</c>, healthy when its <c>/health</c> answers.</summary>
    public static IResourceBuilder<ProjectResource> AddMockTool(this IDistributedApplicationBuilder builder, string name, string? tool = null) =>
        builder.AddProject(name, Project, project => project.ExcludeLaunchProfile = true)
            .WithArgs(tool ?? name)
            .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning")
            .WithHttpEndpoint(port: builder.Port(name), name: "http")
            .WithHttpHealthCheck("/health");

    /// <summary>Tells the tool, by <paramref name="variable"/>, the folder (or the file in it) where it keeps its data.</summary>
    public static IResourceBuilder<ProjectResource> WithToolData(this IResourceBuilder<ProjectResource> tool, string variable, string file = "")
    {
        var state = tool.ApplicationBuilder.Embedded().State;
        return tool.WithEnvironment(context => context.EnvironmentVariables[variable] = Path.Combine(state.For(tool.Resource.Name), file));
    }

    /// <summary>Tells the tool, by <paramref name="variable"/>, where files of this repository are.</summary>
    public static IResourceBuilder<ProjectResource> WithToolFiles(this IResourceBuilder<ProjectResource> tool, string variable, string path) =>
        tool.WithEnvironment(variable, Path.GetFullPath(path, tool.ApplicationBuilder.AppHostDirectory));

    /// <summary>Tells a consumer, by <paramref name="variable"/>, where a file is that a tool writes into its data.</summary>
    public static IResourceBuilder<T> WithToolOutput<T>(this IResourceBuilder<T> consumer, string variable, IResourceBuilder<ProjectResource> tool, string file)
        where T : IResourceWithEnvironment
    {
        var state = tool.ApplicationBuilder.Embedded().State;
        return consumer.WithEnvironment(context => context.EnvironmentVariables[variable] = Path.Combine(state.For(tool.Resource.Name), file));
    }
}
#else
namespace DevPlatform.AppHost.Topology;

/// <summary>Mock tools as containers of one image.</summary>
internal static class MockTools
{
    private const int Port = 8080;
    private const string Data = "/data";

    /// <summary>Runs <c>DevPlatform.MockTools &lt;name&gt;</c>, healthy when its <c>/health</c> answers.</summary>
    public static IResourceBuilder<ContainerResource> AddMockTool(this IDistributedApplicationBuilder builder, string name, string? tool = null) =>
        builder.AddDockerfile(name, "..", "deploy/mock-tools/Containerfile")
            .WithArgs(tool ?? name)
            .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning")
            .WithHttpEndpoint(port: builder.Port(name), targetPort: Port, name: "http", env: "PORT")
            .WithHttpHealthCheck("/health");

    /// <summary>Tells the tool, by <paramref name="variable"/>, the folder (or the file in it) where it keeps its data.</summary>
    public static IResourceBuilder<ContainerResource> WithToolData(this IResourceBuilder<ContainerResource> tool, string variable, string file = "")
    {
        var folder = DataOf(tool);
        if (tool.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            Directory.CreateDirectory(folder);
        }

        return tool.WithBindMount(folder, Data).WithEnvironment(variable, file.Length == 0 ? Data : $"{Data}/{file}");
    }

    /// <summary>Tells the tool, by <paramref name="variable"/>, where files of this repository are.</summary>
    public static IResourceBuilder<ContainerResource> WithToolFiles(this IResourceBuilder<ContainerResource> tool, string variable, string path)
    {
        var target = $"/repository/{Path.GetFileName(path)}";
        return tool.WithBindMount(path, target, isReadOnly: true).WithEnvironment(variable, target);
    }

    /// <summary>Tells a consumer, by <paramref name="variable"/>, where a file is that a tool writes into its data.</summary>
    public static IResourceBuilder<T> WithToolOutput<T>(this IResourceBuilder<T> consumer, string variable, IResourceBuilder<ContainerResource> tool, string file)
        where T : IResourceWithEnvironment => consumer.WithEnvironment(variable, Path.Combine(DataOf(tool), file));

    private static string DataOf(IResourceBuilder<ContainerResource> tool) =>
        Path.GetFullPath(Path.Combine("..", ".devplatform", tool.Resource.Name), tool.ApplicationBuilder.AppHostDirectory);
}
#endif
