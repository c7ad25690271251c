using System.Net.Http.Json;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Api.Tests;

/// <summary>A platform one of whose parts can be made to fail or to wait: deciding permission <c>test.break</c>.</summary>
public class ApiFixture : PlatformApi
{
    public const string BreakingPermission = "test.break";

    /// <summary>What happens when the breaking permission is decided.</summary>
    public Action Break { get; set; } = () => { };

    protected override IEnumerable<string> Settings => ["ForwardedHeaders:KnownProxies:0=127.0.0.0/8", "Kestrel:Limits:MaxRequestBodySize=100000"];

    protected override void Configure(WebApplicationBuilder builder)
    {
        var real = builder.Services.Single(s => s.ServiceType == typeof(IPermissionEvaluator));
        builder.Services.AddSingleton<IPermissionEvaluator>(services =>
            new Breaking((IPermissionEvaluator)ActivatorUtilities.CreateInstance(services, real.ImplementationType!), () => Break()));
    }

    /// <summary>A request that decides the breaking permission.</summary>
    public Task<HttpResponseMessage> BreakAsync() => Client("developer").PostAsJsonAsync(
        "/api/permission/authorize", new { items = new[] { new { id = "1", permission = new { type = "basic", name = BreakingPermission, attributes = new { } } } } });

    private sealed class Breaking(IPermissionEvaluator inner, Action act) : IPermissionEvaluator
    {
        public PermissionDecision Evaluate(Caller caller, Permission permission, PermissionResource? resource = null)
        {
            if (permission.Name == BreakingPermission)
            {
                act();
            }

            return inner.Evaluate(caller, permission, resource);
        }

        public IReadOnlySet<string> EffectiveRoles(Caller caller) => inner.EffectiveRoles(caller);
    }
}

[CollectionDefinition(Name)]
public sealed class ApiCollection : ICollectionFixture<ApiFixture>
{
    public const string Name = "api";
}
