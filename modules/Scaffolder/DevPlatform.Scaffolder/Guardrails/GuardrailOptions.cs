using System.ComponentModel.DataAnnotations;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>Section <c>Scaffolder:Guardrails</c> (INV-5, INV-6; RFC §6.7, §9.2). The defaults are the RFC's.</summary>
public sealed class GuardrailOptions
{
    private const string EntityName = "^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$";

    /// <summary>Naming rule by resource type, with <c>*</c> for the rest of them, and by kind of what templates write into catalog-info.yaml.</summary>
    public Dictionary<string, NamingRule> Naming { get; set; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["*"] = new NamingRule(),
        ["kafka-topic"] = new NamingRule { Pattern = "^[a-z][a-z0-9]*([.-][a-z0-9]+)*$", MaxLength = 100 },
        // DNS labels without doubled hyphens: bucket names are public.
        ["storage"] = new NamingRule { Pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", MaxLength = 40 },
        ["Component"] = new NamingRule { Pattern = EntityName, MaxLength = 63 },
        ["System"] = new NamingRule { Pattern = EntityName, MaxLength = 63, Reserved = "default" },
        ["API"] = new NamingRule { Pattern = EntityName, MaxLength = 63 },
    };

    /// <summary>Tier by environment.</summary>
    public Dictionary<string, EnvironmentTier> Tiers { get; set; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["development"] = new() { Replicas = 1, MaxReplicas = 1, Backup = "daily", Sizes = "small", MaxStorage = "20Gi" },
        ["staging"] = new() { Replicas = 2, MaxReplicas = 3, Backup = "daily", Sizes = "small,medium", MaxStorage = "200Gi" },
        ["production"] = new() { Replicas = 3, Backup = "continuous" },
    };

    /// <summary>
    /// Resources that one owner may have, by <c>&lt;environment&gt;</c> or <c>&lt;environment&gt;/&lt;resource type&gt;</c>, the more exact one first.
    /// </summary>
    public Dictionary<string, int> Quotas { get; set; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["development"] = 10,
        ["staging"] = 5,
        ["production"] = 5,
    };

    /// <summary>Quotas of single owners: <c>group:default/team-a</c> → as <see cref="Quotas"/>.</summary>
    public Dictionary<string, Dictionary<string, int>> OwnerQuotas { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Realm roles that must approve, comma separated, by <c>&lt;environment&gt;/&lt;resource type&gt;</c> or <c>&lt;environment&gt;</c>, and for what is
    /// published whatever it is: <c>public-ingress</c> (reachable from outside), <c>cross-namespace</c> (open to other namespaces). Empty for none.
    /// </summary>
    public Dictionary<string, string> Approvals { get; set; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["production/database"] = "dba-approver",
        [ExposureRules.PublicIngress] = "security-approver",
        [ExposureRules.CrossNamespace] = "platform-admin",
    };

    /// <summary>Namespaces that everybody lets in, comma separated.</summary>
    public string SharedNamespaces { get; set; } = "monitoring,ingress-nginx,kube-system";

    /// <summary>
    /// Changes that go by pull request: <c>&lt;environment&gt;</c>, <c>&lt;environment&gt;/&lt;resource type&gt;</c> or <c>*/&lt;resource type&gt;</c>. Empty:
    /// approval is enough, and commits are direct.
    /// </summary>
    public IList<string> PullRequests { get; } = [];

    /// <summary>How long a task that failed after its commit keeps its slot, for the catalog to see the entity.</summary>
    public TimeSpan SlotKeptAfterCommit { get; set; } = TimeSpan.FromHours(1);

    public GoldenPathOptions GoldenPath { get; set; } = new();
}

/// <summary>What a name may look like.</summary>
public sealed class NamingRule
{
    [Required]
    public string Pattern { get; set; } = "^[a-z]([a-z0-9-]*[a-z0-9])?$";

    [Range(1, 253)]
    public int MinLength { get; set; } = 3;

    /// <summary>Kubernetes labels end at 63 characters, and ours carry <c>resource.default.</c> in front of the name.</summary>
    [Range(1, 253)]
    public int MaxLength { get; set; } = 40;

    /// <summary>Names that nobody may take, comma separated.</summary>
    public string Reserved { get; set; } = "default,kube-system,kube-public,postgres,template0,template1,admin,root,platform,system,test";
}

/// <summary>What an environment gives and allows (RFC §9.2).</summary>
public sealed class EnvironmentTier
{
    /// <summary>Replicas when the request does not say, and at least.</summary>
    [Range(1, 100)]
    public int Replicas { get; set; } = 1;

    public int? MaxReplicas { get; set; }

    /// <summary>daily or continuous.</summary>
    [Required]
    public string Backup { get; set; } = "daily";

    /// <summary>Allowed sizes, comma separated; null for all.</summary>
    public string? Sizes { get; set; }

    /// <summary>As Kubernetes writes quantities: <c>20Gi</c>; null for no limit.</summary>
    public string? MaxStorage { get; set; }
}

/// <summary>What a rendered workspace must and must not contain (INV-5).</summary>
public sealed class GoldenPathOptions
{
    /// <summary>
    /// Required files by template type, comma separated patterns; <c>|</c> between alternatives. Relative to the directory that is published.
    /// </summary>
    public Dictionary<string, string> RequiredFiles { get; set; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["infrastructure"] = "claim.yaml|**/claim.yaml|topic.yaml|connector.yaml, catalog-info.yaml",
        ["schema"] = "schema.avsc|schema.json, catalog-info.yaml",
        ["application"] = "catalog-info.yaml, Dockerfile|**/Dockerfile, .github/workflows/*|.gitlab-ci.yml|.gitea/workflows/*|.tekton/*, mkdocs.yml, docs/index.md, **/Chart.yaml",
    };

    /// <summary>What they must say, by template type, comma separated: owner, naming, probes, limits, security-scan, monitoring, dashboard.</summary>
    public Dictionary<string, string> RequiredContent { get; set; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["infrastructure"] = "owner, naming",
        ["schema"] = "owner, naming",
        ["application"] = "owner, naming, probes, limits, security-scan, monitoring",
    };

    /// <summary>What counts as security scanning when a CI pipeline mentions it, comma separated.</summary>
    [Required]
    public string SecurityScanners { get; set; } = "trivy, grype, snyk, codeql, gitleaks, semgrep, osv-scanner, dependency-check, pip-audit, npm audit, govulncheck, --vulnerable";
}
