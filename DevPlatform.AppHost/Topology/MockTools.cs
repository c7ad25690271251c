namespace DevPlatform.AppHost.Topology;

#if EMBEDDED_ORCHESTRATOR
/// <summary>Mock tools as processes of this machine.</summary>
internal static class MockTools
{
    private const string Project = "../tests/DevPlatform.MockTools/DevPlatform.MockTools.csproj";

    /// <summary>Runs <c>DevPlatform.MockTools &lt;tool&gt;</c>, healthy when its <c>/health</c> answers.</summary>
    public static IResourceBuilder<ProjectResource> AddMockTool(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject(name, Project, project => project.ExcludeLaunchProfile = true)
            .WithArgs(name)
            .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning")
            .WithHttpEndpoint(port: builder.Port(name), name: "http")
            .WithHttpHealthCheck("/health");

    /// <summary>Tells the tool, by <paramref name="variable"/>, the folder (or the file in it) where it keeps its data.</summary>
    public static IResourceBuilder<ProjectResource> WithToolData(this IResourceBuilder<ProjectResource> tool, string variable, string file = "") =>
        tool.WithLocalFolder(variable, tool.Resource.Name, file);

    /// <summary>Tells the tool, by <paramref name="variable"/>, where files of this repository are.</summary>
    public static IResourceBuilder<ProjectResource> WithToolFiles(this IResourceBuilder<ProjectResource> tool, string variable, string path) =>
        tool.WithEnvironment(variable, Path.GetFullPath(path, tool.ApplicationBuilder.AppHostDirectory));
}
#else
/// <summary>Mock tools as containers of one image.</summary>
internal static class MockTools
{
    private const int Port = 8080;
    private const string Data = "/data";

    /// <summary>Runs <c>DevPlatform.MockTools &lt;tool&gt;</c>, healthy when its <c>/health</c> answers.</summary>
    public static IResourceBuilder<ContainerResource> AddMockTool(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddDockerfile(name, "..", "deploy/mock-tools/Containerfile")
            .WithArgs(name)
            .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning")
            .WithHttpEndpoint(port: builder.Port(name), targetPort: Port, name: "http", env: "PORT")
            .WithHttpHealthCheck("/health");

    /// <summary>Tells the tool, by <paramref name="variable"/>, the folder (or the file in it) where it keeps its data.</summary>
    public static IResourceBuilder<ContainerResource> WithToolData(this IResourceBuilder<ContainerResource> tool, string variable, string file = "") =>
        tool.WithBindMount(tool.ApplicationBuilder.LocalFolder(tool.Resource.Name), Data)
            .WithEnvironment(variable, file.Length == 0 ? Data : $"{Data}/{file}");

    /// <summary>Tells the tool, by <paramref name="variable"/>, where files of this repository are.</summary>
    public static IResourceBuilder<ContainerResource> WithToolFiles(this IResourceBuilder<ContainerResource> tool, string variable, string path)
    {
        var target = $"/repository/{Path.GetFileName(path)}";
        return tool.WithBindMount(path, target, isReadOnly: true).WithEnvironment(variable, target);
    }
}
#endif
