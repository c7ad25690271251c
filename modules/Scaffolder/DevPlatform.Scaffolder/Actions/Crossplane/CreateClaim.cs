using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Crossplane;

/// <summary>
/// <c>crossplane:create-claim</c>: writes the manifests of a provisioned resource into the workspace. It touches no cluster: a commit does (INV-4).
/// </summary>
internal sealed class CreateClaim(IOptions<ScaffolderOptions> options) : IScaffolderAction
{
    private const string DefaultApplication = "platform-claims";

    public ActionDefinition Definition { get; } = new()
    {
        Id = "crossplane:create-claim",
        Description = "Writes claim.yaml, external-secret.yaml and, unless there is one, catalog-info.yaml for a Crossplane claim.",
        InputSchema = Schema.Object(
            [
                ("apiVersion", Schema.Text("API of the claim; default: platform.devplatform.io/v1alpha1")),
                ("kind", Schema.Text("Claim kind, e.g. PostgreSQLInstance")),
                ("name", Schema.Text("Name of the claim and of the entity")),
                ("namespace", Schema.Text("Kubernetes namespace of the claim")),
                ("environment", Schema.Text("development, staging or production; fills in replicas and backup")),
                ("owner", Schema.Text("Entity ref of the owner")),
                ("spec", Schema.Map("The claim's spec: size, storage, version, …")),
                ("tierDefaults", Schema.List(new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("replicas", "backup") }, "What the tier fills in where spec does not say; default: both")),
                ("credentialsPath", Schema.Text("Vault path of the application's short-lived credentials, whose last part begins with <namespace>-<name>; default: database/creds/<namespace>-<name>-write")),
                ("resourceType", Schema.Text("Type of the Resource; default: what the template provisions")),
                ("title", Schema.Text("Title of the Resource")),
                ("description", Schema.Text("Description of the Resource")),
                ("system", Schema.Text("System of the Resource")),
                ("labels", Schema.Map("More labels of the claim")),
                ("annotations", Schema.Map("More annotations of the claim")),
                ("argocdApplication", Schema.Text($"Argo CD application that syncs the claim; default: {DefaultApplication}")),
                ("targetPath", Schema.Text("Workspace directory; default: its root")),
            ],
            "kind", "name", "namespace", "environment", "owner"),
        OutputSchema = Schema.Object(
        [
            ("entityRef", Schema.Text("The entity that the claim becomes")),
            ("claim", Schema.Text("<namespace>/<name>")),
            ("files", Schema.List(Schema.Text("path"), "What was written")),
        ]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: crossplane:create-claim\n    input:\n      kind: PostgreSQLInstance\n      name: orders-db\n      namespace: team-orders\n"
            + "      environment: staging\n      owner: group:default/team-orders\n      spec: { size: small, storage: 20Gi }\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var environment = EnvironmentTiers.Normalize(context.Text("environment"))
            ?? throw InputException.For("environment", context.Text("environment"), "development, staging or production");
        var claim = new ClaimManifests(context, environment, options.Value);
        var directory = context.Text("targetPath") ?? ".";
        var written = new JsonArray();

        await WriteAsync("claim.yaml", YamlText.Write(claim.Claim()));
        await WriteAsync("external-secret.yaml", YamlText.Write(claim.ExternalSecret()) + "---\n" + YamlText.Write(claim.SecretGenerator()));
        if (!context.Workspace.Exists($"{directory}/catalog-info.yaml"))
        {
            await WriteAsync("catalog-info.yaml", YamlText.Write(claim.Entity(context.Text("argocdApplication") ?? DefaultApplication)));
        }

        context.Output["entityRef"] = claim.EntityRef.ToString();
        context.Output["claim"] = $"{claim.Namespace}/{claim.Name}";
        context.Output["files"] = written;
        await context.LogAsync($"Wrote {string.Join(", ", written.Select(f => f!.ToString()))} for {claim.EntityRef}");

        async Task WriteAsync(string file, string text)
        {
            var path = directory == "." ? file : $"{directory}/{file}";
            await context.Workspace.WriteTextAsync(path, text, cancellationToken);
            written.Add(path);
        }
    }
}

/// <summary>The documents for one claim.</summary>
internal sealed class ClaimManifests(ActionContext context, string environment, ScaffolderOptions options)
{
    public string Name { get; } = KubernetesName("name", context.Text("name"));

    public string Namespace { get; } = KubernetesName("namespace", context.Text("namespace"));

    public EntityRef EntityRef => new("resource", EntityRef.DefaultNamespace, Name);

    private string VaultRole => $"{Namespace}-{Name}";

    // Vault's paths are one tree: a template must not hand out another claim's credentials.
    private string CredentialsPath => context.Text("credentialsPath") is not { } path ? $"database/creds/{VaultRole}-write"
        : path.Split('/')[^1] is var role && (role == VaultRole || role.StartsWith($"{VaultRole}-", StringComparison.Ordinal)) && !path.Contains("..", StringComparison.Ordinal) ? path
        : throw InputException.For("credentialsPath", path, $"a path that ends with {VaultRole} or begins its last part with {VaultRole}-");

    public JsonObject Claim()
    {
        var spec = (context.Input["spec"]?.DeepClone() as JsonObject) ?? [];
        EnvironmentTiers.FillIn(options.Guardrails, environment, spec, context.Input["tierDefaults"] is null ? null : context.Texts("tierDefaults"));
        spec["writeConnectionSecretToRef"] ??= new JsonObject { ["name"] = $"{Name}-connection" };
        var metadata = Metadata(Name);
        Merge(metadata, "labels");
        Merge(metadata, "annotations");
        return Document(context.Text("apiVersion") ?? "platform.devplatform.io/v1alpha1", context.Text("kind")!, metadata, spec);
    }

    /// <summary>The application's credentials: short-lived, from Vault, renewed before they end (INV-9).</summary>
    public JsonObject ExternalSecret() => Document("external-secrets.io/v1", "ExternalSecret", Metadata($"{Name}-credentials"), new JsonObject
    {
        ["refreshInterval"] = "30m",
        ["target"] = new JsonObject { ["name"] = $"{Name}-credentials" },
        ["dataFrom"] = new JsonArray(new JsonObject
        {
            ["sourceRef"] = new JsonObject
            {
                ["generatorRef"] = new JsonObject
                {
                    ["apiVersion"] = "generators.external-secrets.io/v1alpha1",
                    ["kind"] = "VaultDynamicSecret",
                    ["name"] = $"{Name}-credentials",
                },
            },
        }),
    });

    public JsonObject SecretGenerator() => Document("generators.external-secrets.io/v1alpha1", "VaultDynamicSecret", Metadata($"{Name}-credentials"), new JsonObject
    {
        ["path"] = CredentialsPath,
        ["method"] = "GET",
        ["resultType"] = "Data",
        ["provider"] = new JsonObject
        {
            ["server"] = options.ExternalSecrets.VaultAddress,
            ["auth"] = new JsonObject
            {
                ["kubernetes"] = new JsonObject
                {
                    ["mountPath"] = options.ExternalSecrets.KubernetesAuthMount,
                    ["role"] = VaultRole,
                    ["serviceAccountRef"] = new JsonObject { ["name"] = options.ExternalSecrets.ServiceAccount },
                },
            },
        },
    });

    public JsonObject Entity(string application)
    {
        var metadata = new JsonObject { ["name"] = Name };
        Copy("title", metadata);
        Copy("description", metadata);
        var annotations = new JsonObject
        {
            ["devplatform.io/environment"] = environment,
            ["devplatform.io/claim"] = $"{Namespace}/{Name}",
            ["devplatform.io/argocd-app"] = application,
        };
        if (context.Input["spec"]?["size"]?.ToString() is { } size)
        {
            annotations["devplatform.io/size"] = size;
        }

        if (CredentialsPath.StartsWith("database/", StringComparison.Ordinal))
        {
            annotations["devplatform.io/vault-database-role"] = VaultRole;
        }

        metadata["annotations"] = annotations;
        metadata["labels"] = new JsonObject { ["devplatform.io/environment"] = environment };
        var spec = new JsonObject
        {
            ["type"] = context.Text("resourceType") ?? context.Request?.ResourceType ?? "database",
            ["owner"] = context.Text("owner"),
        };
        Copy("system", spec);
        return Document("backstage.io/v1alpha1", "Resource", metadata, spec);
    }

    private JsonObject Metadata(string name) => new()
    {
        ["name"] = name,
        ["namespace"] = Namespace,
        ["labels"] = new JsonObject
        {
            ["platform.devplatform.io/entity"] = $"resource.{EntityRef.DefaultNamespace}.{Name}",
            ["platform.devplatform.io/environment"] = environment,
        },
    };

    // What the template adds never replaces what ties the claim to its entity.
    private void Merge(JsonObject metadata, string key)
    {
        if (context.Input[key] is JsonObject added && added.Count > 0)
        {
            var target = metadata[key] as JsonObject ?? (JsonObject)(metadata[key] = new JsonObject())!;
            foreach (var (name, value) in added)
            {
                target[name] ??= value?.ToString();
            }
        }
    }

    private void Copy(string input, JsonObject target)
    {
        if (context.Text(input) is { } text)
        {
            target[input] = text;
        }
    }

    private static JsonObject Document(string apiVersion, string kind, JsonObject metadata, JsonObject spec) =>
        new() { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata, ["spec"] = spec };

    private static string KubernetesName(string field, string? name) =>
        name is { Length: > 0 and <= 63 } && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-') && name[0] != '-' && name[^1] != '-'
            ? name
            : throw InputException.For(field, name, "1 to 63 lower-case letters, digits and dashes, not at the ends");
}
