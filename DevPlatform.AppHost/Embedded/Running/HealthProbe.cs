using Npgsql;

namespace DevPlatform.AppHost.Embedded;

/// <summary>Checks of a resource's health: null when well, else what is wrong.</summary>
internal static class HealthProbe
{
#pragma warning disable CA5359 // Local servers only, and a mock tool may speak TLS with a certificate of its own making.
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        AllowAutoRedirect = false,
        UseProxy = false,
    })
    { Timeout = TimeSpan.FromSeconds(5) };
#pragma warning restore CA5359

    public static async Task<string?> HttpAsync(Uri uri, int expected, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode == expected ? null : $"{uri} answered {(int)response.StatusCode}, not {expected}";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return $"{uri}: {e.Message}";
        }
    }

    public static async Task<string?> PostgresAsync(string? connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken);
            return null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return "the data was made with another password (Parameters__postgres_password); give that one, or start with --clean";
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return e.Message;
        }
    }
}
