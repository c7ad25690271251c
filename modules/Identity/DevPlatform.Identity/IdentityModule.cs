using System.Reflection;
using DevPlatform.Identity.Audit;
using DevPlatform.Identity.Contracts;
using DevPlatform.Identity.Data;
using DevPlatform.Identity.Callers;
using DevPlatform.Identity.Organization;
using DevPlatform.Identity.Policies;
using DevPlatform.Identity.PermissionApi;
using DevPlatform.Identity.Sessions;
using DevPlatform.Identity.SignIn;
using DevPlatform.Identity.Signals;
using DevPlatform.Identity.Tokens;
using DevPlatform.Identity.UserSettings;
using DevPlatform.Shared.Configuration;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Signals;
using DevPlatform.Shared.Storage;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Identity;

/// <summary>The Identity module: who is calling, what may they do, what did they do (RFC §8).</summary>
public static class IdentityModule
{
    /// <summary>Adds token validation, sign-in, permissions, the audit trail and their storage.</summary>
    public static IHostApplicationBuilder AddIdentity(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddModuleOptions<IdentityOptions>(IdentityOptions.Section)
            .Configure<IConfiguration>((options, configuration) => options.KeycloakUrl ??= configuration["services:keycloak:http:0"]);
        AddTokens(services);
        AddSignIn(services);

        services.AddCheckedOptions<PermissionOptions>(PermissionOptions.Section);
        services.AddSingleton<PermissionOptionsSetup>();
        services.AddSingleton<IConfigureOptions<PermissionOptions>>(provider => provider.GetRequiredService<PermissionOptionsSetup>());
        services.AddSingleton<IOptionsChangeTokenSource<PermissionOptions>>(provider => provider.GetRequiredService<PermissionOptionsSetup>());
        services.AddSingleton<IPermissionEvaluator, PermissionEvaluator>();

        services.AddModuleOptions<OrganizationOptions>(OrganizationOptions.Section);
        services.AddHttpClient(KeycloakAdmin.HttpClientName);
        services.AddSingleton<KeycloakAdmin>();
        services.AddSingleton<OrganizationReader>();
        services.AddHostedService<OrganizationSync>();

        builder.AddModuleDbContext<IdentityDbContext>("identity");
        services.AddDataProtection().SetApplicationName("DevPlatform");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
            keys => keys.XmlRepository = new PostgresKeyRepository(provider.GetRequiredService<NpgsqlDataSource>())));
        services.AddModuleMessages(
            Assembly.GetExecutingAssembly(),
            // One chain, one writer; further replicas wait on the chain's lock.
            wolverine => wolverine.LocalQueueFor<RecordAuditEvent>().Sequential());
        return builder;
    }

    /// <summary>Maps <c>/api/permission</c>, <c>/api/identity</c>, <c>/api/auth</c>, <c>/api/user-settings</c> and <c>/api/signals</c>.</summary>
    public static IEndpointRouteBuilder MapIdentity(this IEndpointRouteBuilder routes)
    {
        var permission = routes.MapGroup("/api/permission").WithTags("Permission");
        AuthorizeEndpoint.Map(permission);
        var identity = routes.MapGroup("/api/identity").WithTags("Identity");
        MeEndpoint.Map(identity);
        CapabilitiesEndpoint.Map(identity);
        OrganizationEndpoint.Map(identity);
        AuditEndpoints.Map(identity.MapGroup("/audit"));
        var provider = routes.MapGroup("/api/auth/oidc").WithTags("Sign-in");
        StartEndpoint.Map(provider);
        FrameEndpoint.Map(provider);
        RefreshEndpoint.Map(provider);
        LogoutEndpoint.Map(provider);
        BackChannelLogoutEndpoint.Map(provider);
        UserSettingsEndpoints.Map(routes.MapGroup("/api/user-settings").WithTags("User settings"));
        SignalsEndpoint.Map(routes.MapGroup("/api/signals").WithTags("Signals"));
        return routes;
    }

    private static void AddSignIn(IServiceCollection services)
    {
        services.AddModuleOptions<SignInOptions>(SignInOptions.Section)
            .Configure<IConfiguration>((options, configuration) => options.BaseUrl ??= configuration["Portal:BaseUrl"]);
        services.AddHttpClient(KeycloakSessions.HttpClientName);
        services.AddSingleton<KeycloakSessions>();
        services.AddSingleton<PortalAddress>();
        services.AddSingleton<SignInCookies>();
        services.AddSingleton<SignInCheck>();
        services.AddSingleton<SignInFlow>();
        services.AddSingleton<SignalHub>();
        services.AddSingleton<ISignals>(provider => provider.GetRequiredService<SignalHub>());
        services.AddHostedService(provider => provider.GetRequiredService<SignalHub>());
    }

    private static void AddTokens(IServiceCollection services)
    {
        services.AddHttpClient(KeycloakDiscovery.HttpClientName);
        services.AddSingleton(provider => new KeycloakKeys(
            new KeycloakDiscovery(provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<IOptions<IdentityOptions>>().Value.Authority),
            provider.GetRequiredService<IOptions<IdentityOptions>>().Value.Issuer,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KeycloakKeys>>()));
        services.AddSingleton<TokenRules>();
        services.AddSingleton<CallerCache>();
        services.AddSingleton<EndedSessions>();
        services.AddSingleton<ISessionEnds>(provider => provider.GetRequiredService<EndedSessions>());
        services.AddHostedService(provider => provider.GetRequiredService<EndedSessions>());
        services.AddSingleton<TokenCookies>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, AccessTokens>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddAuthorization();
    }
}
