namespace DevPlatform.AppHost.Topology;

internal static class LocalFolders
{
    /// <summary>Tells a resource of this machine, by <paramref name="variable"/>, a folder of the topology's data (or a file in it).</summary>
    public static IResourceBuilder<T> WithLocalFolder<T>(this IResourceBuilder<T> resource, string variable, string name, string file = "")
        where T : IResourceWithEnvironment =>
        resource.WithEnvironment(context => context.EnvironmentVariables[variable] = Path.Combine(resource.ApplicationBuilder.LocalFolder(name), file));

    /// <summary>The folder, which exists when this returns.</summary>
    public static string LocalFolder(this IDistributedApplicationBuilder builder, string name)
    {
#if EMBEDDED_ORCHESTRATOR
        return builder.Embedded().State.For(name);
#else
        return Directory.CreateDirectory(Path.GetFullPath(Path.Combine("..", ".devplatform", name), builder.AppHostDirectory)).FullName;
#endif
    }
}
