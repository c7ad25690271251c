using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DevPlatform.Shared.Configuration;

/// <summary>Settings that can say what is wrong with them.</summary>
public interface ICheckedOptions
{
    /// <summary>
    /// What is wrong, one line per setting, best made with <see cref="SettingProblem.Of"/>; empty when all is well.
    /// </summary>
    /// <param name="section">The configuration section these settings come from, for the messages.</param>
    IEnumerable<string> Problems(string section);
}

/// <summary>The form of a message about a wrong setting.</summary>
public static class SettingProblem
{
    /// <summary><c>Vault:Auth: found "x"; allowed: token, kubernetes</c>.</summary>
    public static string Of(string section, string key, object? found, string allowed) =>
        $"{section}:{key}: found {(found is null or "" ? "nothing" : $"\"{found}\"")}; allowed: {allowed}";
}

/// <summary>Registration of typed settings.</summary>
public static class ModuleOptionsExtensions
{
    /// <summary>
    /// Binds <typeparamref name="TOptions"/> to a configuration section and checks it when the host starts and whenever it is reloaded; a
    /// wrong value stops the start with its key, what was found and what is allowed.
    /// </summary>
    public static OptionsBuilder<TOptions> AddModuleOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class, ICheckedOptions =>
        services.AddCheckedOptions<TOptions>(section).BindConfiguration(section);

    /// <summary>As <see cref="AddModuleOptions"/>, for settings that are read in a way of their own.</summary>
    public static OptionsBuilder<TOptions> AddCheckedOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class, ICheckedOptions
    {
        services.AddSingleton<IValidateOptions<TOptions>>(new CheckedOptionsValidator<TOptions>(section));
        return services.AddOptions<TOptions>().ValidateOnStart();
    }

    private sealed class CheckedOptionsValidator<TOptions>(string section) : IValidateOptions<TOptions>
        where TOptions : class, ICheckedOptions
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var problems = options.Problems(section).ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
