namespace DevPlatform.MockTools.Hosting;

/// <summary>Builds the web application of one mock tool; the executable runs one, tests start as many as they need in-process.</summary>
public static class MockToolHost
{
    /// <summary>The tools by the name that the command line and the topology use.</summary>
    public static IReadOnlyDictionary<string, Func<IMockTool>> Tools { get; } = new SortedDictionary<string, Func<IMockTool>>(StringComparer.Ordinal)
    {
    };

    /// <summary>Builds one tool; settings come from <paramref name="args"/> (<c>--Vault:RootToken=x</c>) and the environment.</summary>
    public static WebApplication Build(string tool, params string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ApplicationName = typeof(MockToolHost).Assembly.GetName().Name });
        builder.Services.AddSingleton(TimeProvider.System);
        var mock = Tools[tool]();
        mock.Configure(builder);
        var app = builder.Build();
        app.MapGet("/health", () => Results.Ok(new { status = "ok", tool }));
        mock.Map(app);
        return app;
    }

    /// <summary>Starts one tool in this process on a free loopback port and returns it with its base URL.</summary>
    public static async Task<(WebApplication App, Uri BaseUrl)> StartAsync(string tool, params string[] args)
    {
        var app = Build(tool, [.. args, "--urls=http://127.0.0.1:0"]);
        await app.StartAsync();
        return (app, new Uri(app.Urls.First()));
    }
}
