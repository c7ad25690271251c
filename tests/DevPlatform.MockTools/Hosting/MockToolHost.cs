using DevPlatform.MockTools.ArgoCd;
using DevPlatform.MockTools.Crossplane;
using DevPlatform.MockTools.Git;
using DevPlatform.MockTools.Kubernetes;

namespace DevPlatform.MockTools.Hosting;

/// <summary>Builds the web application of one mock tool; the executable runs one, tests start as many as they need in-process.</summary>
public static class MockToolHost
{
    /// <summary>The tools by the name that the command line and the topology use.</summary>
    public static IReadOnlyDictionary<string, Func<IMockTool>> Tools { get; } = new SortedDictionary<string, Func<IMockTool>>(StringComparer.Ordinal)
    {
        ["apicurio"] = () => new Apicurio.ApicurioTool(),
        ["argocd"] = () => new ArgoCdTool(),
        ["crossplane"] = () => new CrossplaneTool(),
        ["git"] = () => new GitTool(),
        ["github"] = () => new GitHub.GitHubTool(),
        ["keycloak"] = () => new Keycloak.KeycloakTool(),
        ["kubernetes"] = () => new KubernetesTool(),
        ["teleport"] = () => new Teleport.TeleportTool(),
        ["vault"] = () => new Vault.VaultTool(),
    };

    /// <summary>Builds one tool; settings come from <paramref name="args"/> (<c>--Vault:RootToken=x</c>) and the environment.</summary>
    public static WebApplication Build(string tool, params string[] args) => Build(Tools[tool](), tool, args, TimeProvider.System);

    /// <summary>Starts one tool in this process on free loopback ports and returns it with its (first) base URL.</summary>
    public static Task<(WebApplication App, Uri BaseUrl)> StartAsync(string tool, params string[] args) => StartToolAsync(Tools[tool](), tool, args, TimeProvider.System);

    /// <summary>As the other overload, on a clock that the test moves.</summary>
    public static Task<(WebApplication App, Uri BaseUrl)> StartAsync(string tool, TimeProvider time, params string[] args) => StartToolAsync(Tools[tool](), tool, args, time);

    /// <summary>For a tool that is not in <see cref="Tools"/>: tests of the host itself.</summary>
    internal static async Task<(WebApplication App, Uri BaseUrl)> StartToolAsync(IMockTool mock, string tool, string[] args, TimeProvider time)
    {
        var app = Build(mock, tool, [.. args, $"--urls={mock.LoopbackUrls}"], time);
        await app.StartAsync();
        return (app, new Uri(app.Urls.First()));
    }

    private static WebApplication Build(IMockTool mock, string tool, string[] args, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ApplicationName = typeof(MockToolHost).Assembly.GetName().Name });
        if (builder.Configuration["URLS"] is null && builder.Configuration["PORT"] is { Length: > 0 } port)
        {
            builder.WebHost.UseUrls($"http://localhost:{port}");
        }

        builder.Services.AddSingleton(time);
        mock.Configure(builder);
        var app = builder.Build();
        FaultInjection.Use(app);
        app.MapGet("/health", () => Results.Ok(new { status = "ok", tool }));
        mock.Map(app);
        return app;
    }
}
