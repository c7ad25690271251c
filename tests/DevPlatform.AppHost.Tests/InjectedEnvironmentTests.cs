using DevPlatform.AppHost.Embedded;

namespace DevPlatform.AppHost.Tests;

/// <summary>The variables a resource is given are those Aspire 13.5 gives it for the same calls.</summary>
public sealed class InjectedEnvironmentTests
{
    private const string Project = "../tests/DevPlatform.MockTools/DevPlatform.MockTools.csproj";
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create("--Parameters:db-password=p@ss", "--Parameters:api-token=t0ken");

    [Fact]
    public async Task A_database_reference_gives_the_connection_string_and_its_parts()
    {
        var postgres = _builder.AddPostgres("pg-main", password: _builder.AddParameter("db-password", secret: true));
        var database = postgres.AddDatabase("orders-db", "orders");
        var given = await GivenToAsync(Executable().WithReference(database));
        var port = postgres.Resource.PrimaryEndpoint.Port;
        given.ShouldBe(new Dictionary<string, string>
        {
            ["ConnectionStrings__orders-db"] = $"Host=localhost;Port={port};Username=postgres;Password=p@ss;Database=orders",
            ["ORDERS_DB_HOST"] = "localhost",
            ["ORDERS_DB_PORT"] = $"{port}",
            ["ORDERS_DB_USERNAME"] = "postgres",
            ["ORDERS_DB_PASSWORD"] = "p@ss",
            ["ORDERS_DB_URI"] = $"postgresql://postgres:p@ss@localhost:{port}/orders",
            ["ORDERS_DB_JDBCCONNECTIONSTRING"] = $"jdbc:postgresql://localhost:{port}/orders",
            ["ORDERS_DB_DATABASENAME"] = "orders",
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_server_reference_under_another_name_uses_that_name()
    {
        var postgres = _builder.AddPostgres("postgres", password: _builder.AddParameter("db-password", secret: true));
        var given = await GivenToAsync(Executable().WithReference(postgres, "admin"));
        given["ConnectionStrings__admin"].ShouldBe($"Host=localhost;Port={postgres.Resource.PrimaryEndpoint.Port};Username=postgres;Password=p@ss");
        given.Keys.ShouldBe(
            ["ConnectionStrings__admin", "ADMIN_HOST", "ADMIN_PORT", "ADMIN_USERNAME", "ADMIN_PASSWORD", "ADMIN_URI", "ADMIN_JDBCCONNECTIONSTRING"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_project_reference_gives_every_http_endpoint_by_its_name()
    {
        var source = _builder.AddProject("catalog-api", Project).WithHttpEndpoint(name: "http").WithHttpEndpoint(name: "internal-rpc").WithEndpoint(name: "raw");
        var given = await GivenToAsync(Executable().WithReference(source));
        string http = source.GetEndpoint("http").Url, rpc = source.GetEndpoint("internal-rpc").Url;
        given.ShouldBe(new Dictionary<string, string>
        {
            ["services__catalog-api__http__0"] = http,
            ["CATALOG_API_HTTP"] = http,
            ["services__catalog-api__internal-rpc__0"] = rpc,
            ["CATALOG_API_INTERNAL_RPC"] = rpc,
        }, ignoreOrder: true);
        http.ShouldStartWith("http://localhost:");
    }

    [Fact]
    public async Task An_endpoint_reference_gives_that_endpoint_alone()
    {
        var teleport = _builder.AddExecutable("teleport", "sh", ".").WithHttpsEndpoint(name: "https").WithHttpEndpoint(name: "health");
        var given = await GivenToAsync(Executable().WithReference(teleport.GetEndpoint("https")));
        var url = teleport.GetEndpoint("https").Url;
        given.ShouldBe(new Dictionary<string, string> { ["services__teleport__https__0"] = url, ["TELEPORT_HTTPS"] = url }, ignoreOrder: true);
        url.ShouldStartWith("https://localhost:");
    }

    [Fact]
    public async Task A_project_is_told_where_to_listen_and_how_to_log()
    {
        var api = _builder.AddProject("api", Project, project => project.ExcludeLaunchProfile = true).WithHttpEndpoint(name: "http");
        (await GivenToAsync(api)).ShouldBe(new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = api.GetEndpoint("http").Url,
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
            ["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
        }, ignoreOrder: true);
    }

    [Fact]
    public void A_project_is_told_where_to_send_telemetry_when_there_is_somewhere()
    {
        var variables = new Dictionary<string, object>();
        ProjectEnvironment.AddTelemetry("api", variables, name => name switch
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => "http://localhost:4317",
            "OTEL_EXPORTER_OTLP_HEADERS" => "x-otlp-api-key=k",
            _ => null,
        });
        variables["OTEL_RESOURCE_ATTRIBUTES"].ShouldBeOfType<string>().ShouldMatch("^service\\.instance\\.id=[0-9a-z]{8}$");
        variables.Remove("OTEL_RESOURCE_ATTRIBUTES");
        variables.ShouldBe(new Dictionary<string, object>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-otlp-api-key=k",
            ["OTEL_SERVICE_NAME"] = "api",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
            ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task Values_may_be_text_parameters_endpoints_or_sentences_of_them()
    {
        var git = _builder.AddExecutable("git", "sh", ".").WithHttpEndpoint(name: "http", env: "PORT");
        var given = await GivenToAsync(Executable()
            .WithEnvironment("Text", "plain {0}")
            .WithEnvironment("Parameter", _builder.AddParameter("api-token", secret: true))
            .WithEnvironment("Endpoint", git.GetEndpoint("http"))
            .WithEnvironment("Sentence", $"{git.GetEndpoint("http")}/platform/{{gitops}}.git")
            .WithEnvironment("HostAndPort", $"{git.GetEndpoint("http").Property(EndpointProperty.HostAndPort)}"));
        var url = git.GetEndpoint("http").Url;
        given.ShouldBe(new Dictionary<string, string>
        {
            ["Text"] = "plain {0}",
            ["Parameter"] = "t0ken",
            ["Endpoint"] = url,
            ["Sentence"] = $"{url}/platform/{{gitops}}.git",
            ["HostAndPort"] = $"localhost:{git.GetEndpoint("http").Port}",
        }, ignoreOrder: true);
        (await GivenToAsync(git)).ShouldBe(new Dictionary<string, string> { ["PORT"] = $"{git.GetEndpoint("http").Port}" });
    }

    [Fact]
    public async Task A_parameter_without_a_value_names_its_setting()
    {
        var parameter = _builder.AddParameter("not-set", secret: true);
        var refusal = await Should.ThrowAsync<DistributedApplicationException>(async () => await parameter.Resource.GetValueAsync());
        refusal.Message.ShouldContain("Parameters__not_set");
    }

    [Theory]
    [InlineData("1st")]
    [InlineData("a--b")]
    [InlineData("a-")]
    [InlineData("a_b")]
    [InlineData("")]
    public void A_resource_name_Aspire_refuses_is_refused(string name) => Should.Throw<ArgumentException>(() => _builder.AddParameter(name));

    private IResourceBuilder<ExecutableResource> Executable() => _builder.AddExecutable("consumer", "sh", ".");

    private async Task<IReadOnlyDictionary<string, string>> GivenToAsync(IResourceBuilder<IResource> resource)
    {
        if (_builder.Resources.SelectMany(known => known.Annotations.OfType<EndpointAnnotation>()).Any(endpoint => endpoint.AllocatedEndpoint is null))
        {
            PortAllocator.Allocate(_builder.Resources, randomize: true);
        }

        var environment = await ResolvedEnvironment.ResolveAsync(resource.Resource, _builder.ExecutionContext, _builder.Resources.OfType<ParameterResource>(), CancellationToken.None);
        return environment.Variables;
    }
}
