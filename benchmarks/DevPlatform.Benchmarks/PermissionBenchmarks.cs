using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Identity.Policies;
using DevPlatform.Shared.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Benchmarks;

/// <summary>Decisions by the shipped policy, for a developer whose roles and Azure AD groups count.</summary>
[MemoryDiagnoser]
public class PermissionBenchmarks
{
    private static readonly PermissionResource Mine = new("component:default/orders", ["group:default/team-orders"], "development");
    private static readonly PermissionResource Foreign = new("component:default/billing", ["group:default/team-billing"], "production");

    private readonly Caller _caller = new()
    {
        Subject = "1",
        Username = "ana",
        UserRef = "user:default/ana",
        OwnershipRefs = ["user:default/ana", "group:default/team-orders", "group:default/aad-developers"],
        Roles = new[] { "developer" }.ToFrozenSet(),
        Groups = new[] { "aad-developers", "aad-everyone" }.ToFrozenSet(),
        Teams = ["team-orders"],
    };

    private PermissionEvaluator _evaluator = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var setup = new PermissionOptionsSetup(new ConfigurationBuilder().Build());
        _evaluator = new PermissionEvaluator(
            new OptionsMonitor<PermissionOptions>(new OptionsFactory<PermissionOptions>([setup], []), [setup], new OptionsCache<PermissionOptions>()), TimeProvider.System);
    }

    [GlobalCleanup]
    public void CleanUp() => _evaluator.Dispose();

    [Benchmark]
    public PermissionDecision Allowed_by_role() => _evaluator.Evaluate(_caller, CatalogPermissions.EntityRead);

    [Benchmark]
    public PermissionDecision Depends_on_the_resource() => _evaluator.Evaluate(_caller, CatalogPermissions.EntityDelete);

    [Benchmark]
    public PermissionDecision Allowed_to_its_owner() => _evaluator.Evaluate(_caller, CatalogPermissions.EntityDelete, Mine);

    [Benchmark]
    public PermissionDecision Denied_to_another() => _evaluator.Evaluate(_caller, CatalogPermissions.EntityDelete, Foreign);
}
