namespace DevPlatform.AppHost.Topology;

#if EMBEDDED_ORCHESTRATOR
/// <summary>Mock tools as processes of this machine.</summary>
internal static class MockTools
{
    private const string Project = "../tests/DevPlatform.MockTools/DevPlatform.MockTools.csproj";

    /// <summary>Runs <c>DevPlatform.MockTools &lt;tool&gt;</c>, healthy when its <c>/health</c> answers.</summary>
    public static IResourceBuilder<ProjectResource> AddMockTool(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddTool(name).WithHttpEndpoint(port: builder.Port(name), name: "http").WithHttpHealthCheck("/health");

    /// <summary>A tool that asks its clients for certificates: its own endpoint is https, its health is on another, http.</summary>
    public static IResourceBuilder<ProjectResource> AddMutualTlsMockTool(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddTool(name)
            .WithHttpsEndpoint(port: builder.Port(name), name: "https")
            .WithHttpEndpoint(name: "http")
            .WithHttpHealthCheck("/health", endpointName: "http");

    /// <summary>Tells the tool, by <paramref name="variable"/>, the folder (or the file in it) where it keeps its data.</summary>
    public static IResourceBuilder<ProjectResource> WithToolData(this IResourceBuilder<ProjectResource> tool, string variable, string file = "") =>
        tool.WithLocalFolder(variable, tool.Resource.Name, file);

    /// <summary>Tells the tool, by <paramref name="variable"/>, where files of this repository are.</summary>
    public static IResourceBuilder<ProjectResource> WithToolFiles(this IResourceBuilder<ProjectResource> tool, string variable, string path) =>
        tool.WithEnvironment(variable, Path.GetFullPath(path, tool.ApplicationBuilder.AppHostDirectory));

    private static IResourceBuilder<ProjectResource> AddTool(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject(name, Project, project => project.ExcludeLaunchProfile = true)
            .WithArgs(name)
            // Short-lived and idle: what profiling costs at start is never earned back.
            .WithEnvironment("DOTNET_TieredPGO", "0")
            .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning");
}
#else
/// <summary>Mock tools as containers of one image.</summary>
internal static class MockTools
{
    private const int HttpPort = 8080;
    private const int HttpsPort = 8443;
    private const string Data = "/data";

    /// <summary>Runs <c>DevPlatform.MockTools &lt;tool&gt;</c>, healthy when its <c>/health</c> answers.</summary>
    public static IResourceBuilder<ContainerResource> AddMockTool(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddTool(name, $"http://*:{HttpPort}")
            .WithHttpEndpoint(port: builder.Port(name), targetPort: HttpPort, name: "http")
            .WithHttpHealthCheck("/health");

    /// <summary>A tool that asks its clients for certificates: its own endpoint is https, its health is on another, http.</summary>
    public static IResourceBuilder<ContainerResource> AddMutualTlsMockTool(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddTool(name, $"https://*:{HttpsPort};http://*:{HttpPort}")
            .WithHttpsEndpoint(port: builder.Port(name), targetPort: HttpsPort, name: "https")
            .WithHttpEndpoint(targetPort: HttpPort, name: "http")
            .WithHttpHealthCheck("/health", endpointName: "http");

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

    private static IResourceBuilder<ContainerResource> AddTool(this IDistributedApplicationBuilder builder, string name, string urls) =>
        builder.AddDockerfile(name, "..", "deploy/mock-tools/Containerfile")
            .WithArgs(name)
            .WithEnvironment("ASPNETCORE_URLS", urls)
            // Short-lived and idle: what profiling costs at start is never earned back.
            .WithEnvironment("DOTNET_TieredPGO", "0")
            .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning");
}
#endif
