using DevPlatform.AppHost.Topology;

var builder = DistributedApplication.CreateBuilder(args);

var postgresPassword = builder.AddParameter("postgres-password", secret: true);
var postgres = builder.AddPlatformPostgres("postgres", postgresPassword);
var database = postgres.AddDatabase("devplatform");

await using var app = builder.Build();
await app.RunAsync();
