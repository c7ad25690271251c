using DevPlatform.AppHost.Demo;
using DevPlatform.AppHost.Topology;

const string ApiProject = "../DevPlatform.Api/DevPlatform.Api.csproj";

var builder = DistributedApplication.CreateBuilder(args);

var postgresPassword = builder.AddParameter("postgres-password", secret: true);
var portalSecret = builder.AddParameter("portal-client-secret", secret: true);
var portalSyncSecret = builder.AddParameter("portal-sync-client-secret", secret: true);
var vaultToken = builder.AddParameter("vault-token", secret: true);
var gitPassword = builder.AddParameter("git-password", secret: true);
var gitWebhookSecret = builder.AddParameter("git-webhook-secret", secret: true);
var kubernetesToken = builder.AddParameter("kubernetes-token", secret: true);
var argocdKubernetesToken = builder.AddParameter("argocd-kubernetes-token", secret: true);
var crossplaneKubernetesToken = builder.AddParameter("crossplane-kubernetes-token", secret: true);
var argocdToken = builder.AddParameter("argocd-token", secret: true);

var api = builder.AddProject("api", ApiProject, project => project.ExcludeLaunchProfile = true)
    .WithHttpEndpoint(port: builder.Port("api"), name: "http")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Portal and API")
    .WithHttpHealthCheck("/health/ready");

var postgres = builder.AddPlatformPostgres("postgres", postgresPassword);
var database = postgres.AddDatabase("devplatform");

var keycloak = builder.AddPlatformKeycloak("keycloak", "../deploy/keycloak/realm-platform.json", api.GetEndpoint("http"), portalSecret, portalSyncSecret);

var vault = builder.AddPlatformVault("vault", vaultToken, postgres);

var git = builder.AddMockTool("git")
    .WithToolData("Git__Root")
    .WithToolFiles("Git__Seed", "../seed")
    .WithEnvironment("Git__Users__devplatform", gitPassword);

var kubernetes = builder.AddMockTool("kubernetes")
    .WithToolData("Kubernetes__Data", "state.json")
    .WithToolFiles("Kubernetes__Manifests__0", "../deploy/crossplane")
    .WithToolFiles("Kubernetes__Manifests__1", "../deploy/argocd")
    .WithToolFiles("Kubernetes__Manifests__2", "../deploy/kafka")
    .WithToolFiles("Kubernetes__Manifests__3", "../deploy/external-secrets")
    .WithEnvironment("Kubernetes__Tokens__devplatform", kubernetesToken)
    .WithEnvironment("Kubernetes__Roles__devplatform", "view")
    .WithEnvironment("Kubernetes__Tokens__argocd", argocdKubernetesToken)
    .WithEnvironment("Kubernetes__Tokens__crossplane", crossplaneKubernetesToken)
    .WithReference(git.GetEndpoint("http"));

var argocd = builder.AddMockTool("argocd")
    .WithToolData("ArgoCd__Clones")
    .WithEnvironment("ArgoCd__Token", argocdToken)
    .WithEnvironment("Kubernetes__Token", argocdKubernetesToken)
    .WithReference(kubernetes.GetEndpoint("http"))
    .WaitFor(kubernetes)
    .WaitFor(git);

// Whoever pushes need not wait until Argo CD or the catalog looks.
git.WithEnvironment("Git__Webhooks__0", $"{argocd.GetEndpoint("http")}/api/webhook")
    .WithEnvironment("Git__Webhooks__1", $"{api.GetEndpoint("http")}/api/integrations/webhooks/git")
    .WithEnvironment("Git__WebhookSecret", gitWebhookSecret);

var crossplane = builder.AddMockTool("crossplane")
    .WithEnvironment("Kubernetes__Token", crossplaneKubernetesToken)
    .WithEnvironment("Vault__Token", vaultToken)
    .WithReference(kubernetes.GetEndpoint("http"))
    .WithReference(vault.GetEndpoint("http"))
    .WithReference(postgres)
    .WaitFor(kubernetes)
    .WaitForVault(vault)
    .WaitFor(postgres);

var teleport = builder.AddMutualTlsMockTool("teleport")
    .WithToolData("Teleport__Data")
    .WithEnvironment("Teleport__Cluster", "example");

var apicurio = builder.AddMockTool("apicurio");

var migrate = builder.AddProject("migrate", ApiProject, project => project.ExcludeLaunchProfile = true)
    .WithArgs("migrate")
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
    .WithReference(database)
    .WaitFor(database);

api.WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
    // Started often and soon stopped: what profiling costs at start is never earned back.
    .WithEnvironment("DOTNET_TieredPGO", "0")
    .WithReference(database)
    .WithReference(keycloak.GetEndpoint("http"))
    .WithReference(vault.GetEndpoint("http"))
    .WithReference(git.GetEndpoint("http"))
    .WithReference(kubernetes.GetEndpoint("http"))
    .WithReference(argocd.GetEndpoint("http"))
    .WithReference(apicurio.GetEndpoint("http"))
    .WithReference(teleport.GetEndpoint("https"))
    .WithEnvironment("Identity__Realm", "platform")
    .WithEnvironment("Identity__ClientId", "developer-portal")
    .WithEnvironment("Identity__ClientSecret", portalSecret)
    .WithEnvironment("Identity__Organization__Enabled", "true")
    .WithEnvironment("Identity__Organization__ClientSecret", portalSyncSecret)
    .WithEnvironment("Webhooks__GitSecret", gitWebhookSecret)
    .WithEnvironment("Vault__Auth", "token")
    .WithEnvironment("Vault__Token", vaultToken)
    .WithEnvironment("Git__Username", "devplatform")
    .WithEnvironment("Git__Password", gitPassword)
    .WithLocalFolder("Git__CacheDirectory", "git-cache")
    .WithEnvironment("Kubernetes__Token", kubernetesToken)
    .WithEnvironment("ArgoCd__Token", argocdToken)
    .WithLocalFolder("Teleport__IdentityFile", "teleport", "identity")
    .WithEnvironment("Teleport__Cluster", "example")
    // Leads to everything else of the example organization.
    .WithEnvironment("Catalog__Git__Repositories__0", $"{git.GetEndpoint("http")}/platform/catalog.git")
    .WithEnvironment("Catalog__ReadingAllow__0", $"{git.GetEndpoint("http").Property(EndpointProperty.HostAndPort)}")
    // The Git server tells of every push.
    .WithEnvironment("Catalog__RefreshInterval", "00:05:00")
    .WithEnvironment("Scaffolder__GitOps__Repository", $"{git.GetEndpoint("http")}/platform/gitops.git")
    .WithEnvironment("Scaffolder__GitOps__AllowedRepositories__0", $"{git.GetEndpoint("http")}/services/*")
    .WithEnvironment("Scaffolder__GitOps__AllowedRepositories__1", $"{git.GetEndpoint("http")}/orders/*")
    .WithEnvironment("Scaffolder__GitOps__AllowedRepositories__2", $"{git.GetEndpoint("http")}/data/*")
    .WithEnvironment("Scaffolder__GitOps__PullRequestPollInterval", "00:00:02")
    // Short enough to be watched to its end.
    .WithEnvironment("Access__MinimumDuration", "00:00:05")
    .WaitForCompletion(migrate)
    .WaitFor(keycloak)
    .WaitForVault(vault)
    .WaitFor(git)
    .WaitFor(kubernetes)
    .WaitFor(argocd)
    .WaitFor(crossplane)
    .WaitFor(apicurio)
    .WaitFor(teleport);

builder.AddPortalBuild("portal");

await using var app = builder.Build();
if (args.Contains("demo"))
{
    await DemoVerb.RunAsync(app, api.GetEndpoint("http"), keycloak.GetEndpoint("http"));
}
else
{
    await app.RunAsync();
}
