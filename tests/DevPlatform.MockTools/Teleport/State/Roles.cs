using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace DevPlatform.MockTools.Teleport.State;

/// <summary>
/// What roles allow. Read from <c>Teleport__Roles</c> (a file of <c>kind: role</c> documents, or a directory of them) when set; then requests for
/// other roles are refused. Without it any role may be asked for, and <c>developer-portal</c> and <c>reviewer</c> exist.
/// </summary>
internal sealed class Roles
{
    private readonly Dictionary<string, RoleAllow> _roles;
    private readonly bool _closed;

    public Roles(IConfiguration configuration)
    {
        var path = configuration["Teleport:Roles"];
        _closed = !string.IsNullOrEmpty(path);
        _roles = _closed ? Read(path!) : new(StringComparer.Ordinal)
        {
            ["developer-portal"] = new RoleAllow
            {
                Rules =
                [
                    new RoleRule { Resources = ["access_request"], Verbs = ["list", "read", "create", "update", "delete"] },
                    new RoleRule { Resources = ["event", "session"], Verbs = ["list", "read"] },
                ],
                ReviewRequests = new RoleNames { Roles = ["*"] },
                Impersonate = new RoleImpersonation { Users = ["*"] },
            },
            ["reviewer"] = new RoleAllow { ReviewRequests = new RoleNames { Roles = ["*"] } },
        };
    }

    public bool Exists(string role) => !_closed || _roles.ContainsKey(role);

    public bool May(Caller caller, string verb, string resource) =>
        Of(caller).SelectMany(r => r.Rules).Any(r => Has(r.Resources, resource) && Has(r.Verbs, verb));

    /// <summary>Whether the caller's roles let them review requests for all of these roles.</summary>
    public bool MayReview(Caller caller, IEnumerable<string> requested) =>
        requested.All(role => Of(caller).Any(r => Has(r.ReviewRequests.Roles, role)));

    public bool MayImpersonate(Caller caller, string user) => Of(caller).Any(r => Has(r.Impersonate.Users, user));

    private IEnumerable<RoleAllow> Of(Caller caller) => caller.Roles.Select(_roles.GetValueOrDefault).OfType<RoleAllow>();

    private static bool Has(string[] patterns, string value) =>
        patterns.Any(p => p == "*" || p == value || (p.EndsWith('*') && value.StartsWith(p[..^1], StringComparison.Ordinal)));

    private static Dictionary<string, RoleAllow> Read(string path)
    {
        var yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).IgnoreUnmatchedProperties().Build();
        var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.yaml") : [path];
        return files.SelectMany(f => File.ReadAllText(f).Split("\n---\n"))
            .Select(yaml.Deserialize<RoleDocument?>)
            .OfType<RoleDocument>().Where(d => d.Kind == "role")
            .ToDictionary(d => d.Metadata.Name, d => d.Spec.Allow, StringComparer.Ordinal);
    }
}

// The part of Teleport's role resource that is obeyed; YamlDotNet needs settable members.
internal sealed class RoleDocument
{
    public string Kind { get; set; } = "";

    public RoleMetadata Metadata { get; set; } = new();

    public RoleSpec Spec { get; set; } = new();
}

internal sealed class RoleMetadata
{
    public string Name { get; set; } = "";
}

internal sealed class RoleSpec
{
    public RoleAllow Allow { get; set; } = new();
}

internal sealed class RoleAllow
{
    public RoleRule[] Rules { get; set; } = [];

    public RoleNames ReviewRequests { get; set; } = new();

    public RoleImpersonation Impersonate { get; set; } = new();
}

internal sealed class RoleRule
{
    public string[] Resources { get; set; } = [];

    public string[] Verbs { get; set; } = [];
}

internal sealed class RoleNames
{
    public string[] Roles { get; set; } = [];
}

internal sealed class RoleImpersonation
{
    public string[] Users { get; set; } = [];
}
