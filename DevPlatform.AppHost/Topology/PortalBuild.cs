#if EMBEDDED_ORCHESTRATOR
using DevPlatform.AppHost.Embedded;
#endif
using Microsoft.Extensions.Configuration;

namespace DevPlatform.AppHost.Topology;

internal static class PortalBuild
{
    private const string Folder = "../artifacts/portal";

    /// <summary>
    /// Builds the portal beside everything else, where <c>Portal:Build</c> asks for it (<c>./dev run</c> does) and there is none. Nothing waits for it:
    /// the API serves the portal as soon as it is there.
    /// </summary>
    public static void AddPortalBuild(this IDistributedApplicationBuilder builder, string name)
    {
        if (!builder.Configuration.GetValue("Portal:Build", false) || File.Exists(Path.GetFullPath(Path.Combine(Folder, "index.html"), builder.AppHostDirectory)))
        {
            return;
        }

        var build = builder.AddExecutable(name, "bash", "..", "dev", "portal");
#if EMBEDDED_ORCHESTRATOR
        build.WithAnnotation(new SideJobAnnotation());
#endif
    }
}
