using System.Collections.Frozen;
using DevPlatform.Identity.Policies;
using DevPlatform.Shared.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Identity.Tests.Policies;

/// <summary>Policies from JSON, and callers, for tests of decisions without a host.</summary>
internal static class Evaluators
{
    public static PermissionEvaluator Shipped { get; } = FromJson("{}");

    /// <summary>The shipped policy under section <c>Permissions</c> of this JSON.</summary>
    public static PermissionEvaluator FromJson(string permissions, TimeProvider? time = null)
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{ "Permissions": {{permissions}} }"""));
        return From(new ConfigurationBuilder().AddJsonStream(json).Build(), time);
    }

    public static PermissionEvaluator From(IConfiguration configuration, TimeProvider? time = null)
    {
        var setup = new PermissionOptionsSetup(configuration);
        var monitor = new OptionsMonitor<PermissionOptions>(new OptionsFactory<PermissionOptions>([setup], []), [setup], new OptionsCache<PermissionOptions>());
        return new PermissionEvaluator(monitor, time ?? TimeProvider.System);
    }

    public static Caller Caller(string[] roles, string[] groups, string[]? teams = null) => new()
    {
        Subject = "1",
        Username = "ana",
        UserRef = "user:default/ana",
        OwnershipRefs = ["user:default/ana", .. (teams ?? []).Select(t => $"group:default/{t}")],
        Roles = roles.ToFrozenSet(),
        Groups = groups.ToFrozenSet(),
        Teams = teams ?? [],
    };
}
