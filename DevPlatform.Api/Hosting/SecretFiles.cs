namespace DevPlatform.Api.Hosting;

/// <summary>Secrets as mounted files (Kubernetes Secrets, External Secrets Operator).</summary>
internal static class SecretFiles
{
    private const string DefaultDirectory = "/run/secrets/devplatform";

    /// <summary>
    /// Reads one setting from each file of <c>Secrets:Directory</c>: <c>Vault__Token</c> is setting <c>Vault:Token</c>. The files win over
    /// everything else, and are read again when they change.
    /// </summary>
    public static void AddSecretFiles(this WebApplicationBuilder builder)
    {
        var directory = builder.Configuration["Secrets:Directory"] ?? DefaultDirectory;
        if (Directory.Exists(directory))
        {
            builder.Configuration.AddKeyPerFile(directory, optional: true, reloadOnChange: true);
        }
    }
}
