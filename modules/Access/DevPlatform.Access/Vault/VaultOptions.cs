using DevPlatform.Shared.Configuration;

namespace DevPlatform.Access.Vault;

/// <summary>Settings of the connection to Vault (section <c>Vault</c>).</summary>
public sealed class VaultOptions : ICheckedOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Vault";

    /// <summary>Base URL; absent = the service <c>vault</c> (<c>services:vault:http:0</c>).</summary>
    public string? Address { get; set; }

    /// <summary><c>token</c> or <c>kubernetes</c>.</summary>
    public string Auth { get; set; } = "token";

    /// <summary>The token, with <c>token</c>.</summary>
    public string? Token { get; set; }

    /// <summary>
    /// The Vault role, with <c>kubernetes</c>. Leases end with the token that made them, so the role's <c>token_ttl</c> should be no shorter than
    /// the longest grant: a replica that stops renews no more.
    /// </summary>
    public string? Role { get; set; }

    /// <summary>Path of the service account's token, with <c>kubernetes</c>; read at every login.</summary>
    public string JwtFile { get; set; } = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    /// <summary>Mount of the Kubernetes login.</summary>
    public string KubernetesMount { get; set; } = "kubernetes";

    /// <summary>Mount of the database engine.</summary>
    public string DatabaseMount { get; set; } = "database";

    /// <summary>Mount of the key-value store, version 2.</summary>
    public string KvMount { get; set; } = "secret";

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section)
    {
        if (Auth is not ("token" or "kubernetes"))
        {
            yield return SettingProblem.Of(section, nameof(Auth), Auth, "token, kubernetes");
        }

        if (Auth == "kubernetes" && Role is not { Length: > 0 })
        {
            yield return SettingProblem.Of(section, nameof(Role), Role, "the Vault role of the Kubernetes login");
        }

        if (Address is not null && !Uri.TryCreate(Address, UriKind.Absolute, out _))
        {
            yield return SettingProblem.Of(section, nameof(Address), Address, "an absolute URL such as https://vault.example:8200");
        }

        if (Timeout <= TimeSpan.Zero)
        {
            yield return SettingProblem.Of(section, nameof(Timeout), Timeout, "more than zero");
        }
    }
}
