using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Identity.Policies;

/// <summary>
/// Lays section <c>Permissions</c> over the shipped defaults, entry by entry: lists of the configuration replace those of the defaults, where
/// binding alone would append to them.
/// </summary>
internal sealed class PermissionOptionsSetup(IConfiguration configuration) : IConfigureOptions<PermissionOptions>, IOptionsChangeTokenSource<PermissionOptions>
{
    public string Name => Options.DefaultName;

    public Microsoft.Extensions.Primitives.IChangeToken GetChangeToken() => configuration.GetSection(PermissionOptions.Section).GetReloadToken();

    public void Configure(PermissionOptions options)
    {
        Lay(options, Defaults());
        Lay(options, Bind(configuration.GetSection(PermissionOptions.Section)));
    }

    private static void Lay(PermissionOptions target, PermissionOptions over)
    {
        over.Roles.ToList().ForEach(r => target.Roles[r.Key] = r.Value);
        over.Policies.ToList().ForEach(p => target.Policies[p.Key] = p.Value);
        over.Aliases.ToList().ForEach(a => target.Aliases[a.Key] = a.Value);
    }

    private static PermissionOptions Defaults()
    {
        using var json = typeof(PermissionOptionsSetup).Assembly.GetManifestResourceStream("default-policy.json")!;
        return Bind(new ConfigurationBuilder().AddJsonStream(json).Build());
    }

    /// <summary>A misspelt key would quietly grant or cap something else, so it is an error.</summary>
    private static PermissionOptions Bind(IConfiguration section)
    {
        try
        {
            return section.Get<PermissionOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new PermissionOptions();
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(PermissionOptions.Section, typeof(PermissionOptions), [$"{PermissionOptions.Section}: {e.GetBaseException().Message}"]);
        }
    }
}
