using DevPlatform.AppHost.Embedded;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddProject(name, projectPath, _ => { });

    /// <summary>Runs a project from its built output. Launch profiles are not read: endpoints and environment are said in the topology.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, Action<ProjectResourceOptions> configure)
    {
        var options = new ProjectResourceOptions();
        configure(options);
        var project = Path.GetFullPath(projectPath, builder.AppHostDirectory);
        return builder.AddResource(new ProjectResource(name))
            .WithEnvironment(ProjectEnvironment.Add)
            .WithAnnotation(new LaunchAnnotation(context => Task.FromResult<ProcessSpec?>(DotnetProcess.For(project, context))));
    }
}

public class ProjectResourceOptions
{
    public string? LaunchProfileName { get; set; }

    public bool ExcludeLaunchProfile { get; set; }

    public bool ExcludeKestrelEndpoints { get; set; }
}

public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Runs a command; a relative working directory starts at the AppHost's directory.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args)
    {
        var directory = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        return builder.AddResource(new ExecutableResource(name, command, directory))
            .WithAnnotation(new LaunchAnnotation(context => Task.FromResult<ProcessSpec?>(new ProcessSpec(command, context.Arguments, directory, context.Environment))))
            .WithArgs(args ?? []);
    }
}

public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value from configuration: <c>Parameters:&lt;name&gt;</c>, or <c>Parameters__&lt;name_with_underscores&gt;</c> in the environment.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(
            name,
            () => builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"]
                ?? throw new DistributedApplicationException($"Parameter '{name}' has no value: set Parameters__{name.Replace('-', '_')}, or Parameters:{name} in appsettings.json."),
            secret));

    /// <summary>A value computed once, when it is first needed.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, valueGetter, secret));
}
