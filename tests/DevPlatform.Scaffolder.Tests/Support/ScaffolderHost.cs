using System.Security.Claims;
using System.Text.Encodings.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Storage;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Wolverine;

namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>
/// One replica with the real Scaffolder module, messaging and storage. The caller is the header <c>X-User</c>; the other modules are
/// <see cref="FakePlatform"/>.
/// </summary>
public sealed class ScaffolderHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScaffolderHost(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public IMessageBus NewBus(IServiceScope scope) => scope.ServiceProvider.GetRequiredService<IMessageBus>();

    public static async Task<ScaffolderHost> StartAsync(
        string connectionString, FakePlatform platform, string directory, IDictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = typeof(ScaffolderHost).Assembly.GetName().Name });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Scaffolder:WorkingDirectory"] = Path.Combine(directory, Guid.NewGuid().ToString("N")),
            ["Scaffolder:Tasks:HeartbeatInterval"] = "00:00:00.300",
            ["Scaffolder:Tasks:HeartbeatTimeout"] = "00:00:02",
            ["Scaffolder:Tasks:SweepInterval"] = "00:00:00.500",
            ["Git:CacheDirectory"] = Path.Combine(directory, "cache"),
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(platform);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        builder.Services.AddSingleton<DatabaseMigrator>();
        builder.Services.AddSingleton<IPermissionEvaluator, FakePermissions>();
        builder.Services.AddSingleton<ISessionEnds, FakeSessions>();
        // Replicas share their keys.
        builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(directory, "keys"))).SetApplicationName("devplatform");
        builder.Services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("header", null);
        builder.Services.AddAuthorization();
        builder.AddPlatformMessaging(connectionString, typeof(ScaffolderHost).Assembly);
        builder.AddScaffolder();
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.Use(AnswerErrorsAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapScaffolder();
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        await app.StartAsync();
        return new ScaffolderHost(app);
    }

    public HttpClient Client(string user = "ana")
    {
        var client = _app.GetTestClient();
        client.DefaultRequestHeaders.Add("X-User", user);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task AnswerErrorsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (PlatformException e)
        {
            context.Response.StatusCode = e.StatusCode;
            await context.Response.WriteAsJsonAsync(new { error = new { name = e.Name, message = e.Message } });
        }
    }

    private sealed class HeaderAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var user = Request.Headers["X-User"].ToString();
            Context.Features.Set(new Caller
            {
                Subject = $"sub-{user}",
                Username = user,
                UserRef = $"user:default/{user}",
                OwnershipRefs = [$"user:default/{user}"],
                Roles = new HashSet<string>(),
                Groups = new HashSet<string>(),
                Name = $"{char.ToUpperInvariant(user[0])}{user[1..]} Example",
                Email = $"{user}@example.com",
                ExpiresAt = DateTimeOffset.MaxValue,
            });
            var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "header"));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, "header")));
        }
    }
}
