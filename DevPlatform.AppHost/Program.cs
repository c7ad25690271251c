using DevPlatform.AppHost.Topology;

var builder = DistributedApplication.CreateBuilder(args);

var postgresPassword = builder.AddParameter("postgres-password", secret: true);
var gitPassword = builder.AddParameter("git-password", secret: true);
var kubernetesToken = builder.AddParameter("kubernetes-token", secret: true);

var postgres = builder.AddPlatformPostgres("postgres", postgresPassword);
var database = postgres.AddDatabase("devplatform");

var git = builder.AddMockTool("git")
    .WithToolData("Git__Root")
    .WithEnvironment("Git__Users__devplatform", gitPassword);

var kubernetes = builder.AddMockTool("kubernetes")
    .WithToolData("Kubernetes__Data", "state.json")
    .WithToolFiles("Kubernetes__Manifests__0", "../deploy/crossplane")
    .WithToolFiles("Kubernetes__Manifests__1", "../deploy/argocd")
    .WithEnvironment("Kubernetes__Tokens__devplatform", kubernetesToken)
    .WithEnvironment("Kubernetes__Roles__devplatform", "view")
    .WithReference(git.GetEndpoint("http"));

await using var app = builder.Build();
await app.RunAsync();
