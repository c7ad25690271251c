using DevPlatform.Access.Policy;
using DevPlatform.Access.Requests;
using DevPlatform.Shared.Configuration;

namespace DevPlatform.Access.Teleport;

/// <summary>Settings of the connection to Teleport's auth service (section <c>Teleport</c>; B8).</summary>
public sealed class TeleportOptions : ICheckedOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Teleport";

    /// <summary>Base URL of the auth service, <c>https://host:3025</c>; absent = the service <c>teleport</c> (<c>services:teleport:https:0</c>).</summary>
    public string? Address { get; set; }

    /// <summary>Path of the portal's identity file; read again for every new connection, so a renewed file needs no restart.</summary>
    public string? IdentityFile { get; set; }

    /// <summary>Name of the cluster.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>Origin of Teleport's web pages, for links; absent = no links.</summary>
    public string? WebUrl { get; set; }

    /// <summary>
    /// Teleport roles asked for, by <c>target</c> or <c>target-accessType</c>; absent = those in <c>deploy/teleport</c>: <c>database-read</c>,
    /// <c>server-write</c>, <c>kubernetes-admin</c> and so on.
    /// </summary>
    public IDictionary<string, string> Roles { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection is used before a new one, with the identity file as it is then, takes its place.</summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section) =>
    [
        .. IsUrl(Address) ? Array.Empty<string>() : [SettingProblem.Of(section, nameof(Address), Address, "an absolute URL such as https://teleport.example:3025")],
        .. IsUrl(WebUrl) ? Array.Empty<string>() : [SettingProblem.Of(section, nameof(WebUrl), WebUrl, "an absolute URL such as https://teleport.example")],
        .. Timeout > TimeSpan.Zero ? Array.Empty<string>() : [SettingProblem.Of(section, nameof(Timeout), Timeout, "more than zero")],
    ];

    internal bool IsConfigured => Address is { Length: > 0 } && IdentityFile is { Length: > 0 };

    internal string? RecordingsUrl => WebUrl is null ? null : $"{WebUrl.TrimEnd('/')}/web/cluster/{Uri.EscapeDataString(Cluster)}/recordings";

    internal string? RequestUrl(string? requestId) =>
        WebUrl is null || requestId is null ? null : $"{WebUrl.TrimEnd('/')}/web/requests/{Uri.EscapeDataString(requestId)}";

    internal string RoleFor(AccessRequest request)
    {
        var name = $"{request.Target}-{request.AccessType}";
        var stem = request.Target switch
        {
            AccessTargets.Ssh => "server",
            AccessTargets.KubernetesExec or AccessTargets.PortForward => "kubernetes",
            var target => target,
        };
        return Roles.TryGetValue(name, out var role) || Roles.TryGetValue(request.Target, out role) ? role : $"{stem}-{request.AccessType}";
    }

    private static bool IsUrl(string? url) => url is null || Uri.TryCreate(url, UriKind.Absolute, out _);
}
