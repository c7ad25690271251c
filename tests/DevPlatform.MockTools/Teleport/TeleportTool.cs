using DevPlatform.Access.Teleport.Protos;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Teleport.Pki;
using DevPlatform.MockTools.Teleport.State;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace DevPlatform.MockTools.Teleport;

/// <summary>Where and as what the server runs.</summary>
internal sealed record TeleportSettings(string Directory, string Cluster);

/// <summary>
/// Teleport's auth service: gRPC over mutual TLS with its own authority. The https address of <c>ASPNETCORE_URLS</c> is the auth service and
/// refuses who has no certificate of it; health, faults and <c>/__admin</c> are on the http address (<c>Teleport__HealthUrl</c>, or a second
/// entry in <c>ASPNETCORE_URLS</c>). On start the portal's identity (user <c>portal-bot</c>) is written to <c>identity</c> in
/// <c>Teleport__Data</c>, the authority to <c>ca.pem</c>.
/// </summary>
internal sealed class TeleportTool : IMockTool
{
    private const string BotRole = "developer-portal";

    public string LoopbackUrls => "https://127.0.0.1:0;http://127.0.0.1:0";

    public void Configure(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var directory = Path.GetFullPath(configuration["Teleport:Data"] is { Length: > 0 } set ? set
            : throw new InvalidOperationException("Teleport__Data: missing; allowed: a directory for the authority, the identity and the state"));
        var settings = new TeleportSettings(directory, configuration["Teleport:Cluster"] is { Length: > 0 } cluster ? cluster : "example");
        System.IO.Directory.CreateDirectory(directory);
        if (configuration["Teleport:HealthUrl"] is { Length: > 0 } health)
        {
            builder.WebHost.UseUrls($"{configuration["URLS"] ?? $"https://localhost:{configuration["PORT"] ?? "3025"}"};{health}");
        }

        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(services => new CertificateAuthority(directory, settings.Cluster, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => new TeleportStore(directory, settings.Cluster, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<Roles>();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<AuthServiceMock>();
        builder.Services.AddHostedService<RequestExpiry>();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
        {
            var authority = kestrel.ApplicationServices.GetRequiredService<CertificateAuthority>();
            https.ServerCertificate = authority.ServerCertificate;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => authority.Trusts(certificate);
        }));
    }

    public void Map(WebApplication app)
    {
        var services = app.Services;
        var (settings, authority, time) =
            (services.GetRequiredService<TeleportSettings>(), services.GetRequiredService<CertificateAuthority>(),
            services.GetRequiredService<TimeProvider>());
        var now = time.GetUtcNow();
        PrivateFile.Write(Path.Combine(settings.Directory, "identity"),
            IdentityFile.Create(authority, settings.Cluster, "portal-bot", [BotRole], [], now, now.AddYears(1)));
        app.MapGrpcService<AuthServiceMock>();
        app.MapPost("/__admin/identities", (IdentityOrder order) => Results.Text(
            IdentityFile.Create(authority, settings.Cluster, order.User, order.Roles ?? [], order.AccessRequests ?? [], time.GetUtcNow(),
                time.GetUtcNow().AddSeconds(order.TtlSeconds))));
        app.MapPost("/__admin/sessions", (SessionOrder order, TeleportStore store) => AddSession(store, order, time));
    }

    /// <summary>A recorded session, as if somebody had just ended one: on a database when one is named, else on a server.</summary>
    private static IResult AddSession(TeleportStore store, SessionOrder order, TimeProvider time)
    {
        var end = (order.End ?? time.GetUtcNow()).ToTimestamp();
        var start = (order.Start ?? time.GetUtcNow().AddMinutes(-5)).ToTimestamp();
        var session = new SessionMetadata { SessionId = order.SessionId ?? Guid.NewGuid().ToString() };
        var user = new UserMetadata { User = order.User, Login = order.Login ?? order.User, AccessRequests = { order.AccessRequests ?? [] } };
        store.AddEvent(order.Database is not null
            ? new OneOf
            {
                DatabaseSessionEnd = new DatabaseSessionEnd
                {
                    Metadata = store.NewEvent("db.session.end", "TDB01I"),
                    User = user,
                    Session = session,
                    StartTime = start,
                    EndTime = end
                }
            }
            : new OneOf
            {
                SessionEnd = new SessionEnd
                {
                    Metadata = store.NewEvent("session.end", "T2004I"),
                    User = user,
                    Session = session,
                    Interactive = true,
                    Participants = { order.User },
                    StartTime = start,
                    EndTime = end,
                    SessionRecording = "node",
                    Server = new ServerMetadata { ServerNamespace = "default", ServerHostname = order.Server ?? "localhost" },
                },
            });
        return Results.Ok(new { sessionId = session.SessionId });
    }

    private sealed record IdentityOrder(string User, string[]? Roles = null, string[]? AccessRequests = null, int TtlSeconds = 3600);

    private sealed record SessionOrder(
        string User, string? Login = null, string? Server = null, string? Database = null, string? SessionId = null,
            string[]? AccessRequests = null, DateTimeOffset? Start = null, DateTimeOffset? End = null);

    /// <summary>Requests vanish when their time is over; watchers see the deletion.</summary>
    private sealed class RequestExpiry(TeleportStore store, TimeProvider time) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
            do
            {
                foreach (var id in store.Expired())
                {
                    store.Remove(id, audit: null);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
    }
}
