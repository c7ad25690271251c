using DevPlatform.AppHost.Embedded;

namespace Projects;

#pragma warning disable CA1707 // The name is the one Aspire generates.
/// <summary>Names this AppHost to <c>DistributedApplicationTestingBuilder.CreateAsync</c>; Aspire's SDK generates the same.</summary>
public sealed class DevPlatform_AppHost
{
    private DevPlatform_AppHost()
    {
    }

    public static string ProjectPath => AppHostMetadata.Directory;
}
