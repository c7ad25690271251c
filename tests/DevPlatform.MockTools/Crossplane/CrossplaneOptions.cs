namespace DevPlatform.MockTools.Crossplane;

/// <summary>Settings of the Crossplane controller, section <c>Crossplane</c>.</summary>
internal sealed class CrossplaneOptions
{
    /// <summary>Seconds that a claim is at least on its way before it is Ready.</summary>
    public double ReadySeconds { get; set; } = 2;

    /// <summary>Seconds between looks at resources that are Ready.</summary>
    public double PollSeconds { get; set; } = 10;

    /// <summary>Superuser connection to the server in which claimed databases are made; without it they are only claimed to be there.</summary>
    public string? Postgres { get; set; }

    public string? VaultUrl { get; set; }

    public string? VaultToken { get; set; }

    public static CrossplaneOptions From(IConfiguration configuration)
    {
        var options = new CrossplaneOptions();
        configuration.GetSection("Crossplane").Bind(options);
        options.Postgres = configuration.GetConnectionString("postgres");
        options.VaultUrl = configuration["services:vault:http:0"];
        options.VaultToken = configuration["Vault:Token"];
        return options;
    }
}
