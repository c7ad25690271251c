using System.Net.Sockets;
using DevPlatform.ServiceDefaults;
using DevPlatform.Shared.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Api.Hosting;

/// <summary>Tells start failures that an operator can mend from defects.</summary>
internal static class StartFailure
{
    /// <summary>One line for the operator, or null for a defect, whose stack trace is wanted.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartupException or DatabaseNotMigratedException => exception.Message,
        OptionsValidationException e => string.Join("; ", e.Failures),
        AggregateException e when e.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            string.Join("; ", e.InnerExceptions.Select(Explain)),
        IOException { InnerException: AddressInUseException e } => $"{exception.Message} Set ASPNETCORE_URLS to another address ({e.Message})",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => $"{exception.Message}; set ASPNETCORE_URLS to another address",
        PostgresException e => $"PostgreSQL refused: {e.MessageText} ({e.SqlState}); check ConnectionStrings:devplatform",
        NpgsqlException e => $"PostgreSQL cannot be reached: {e.Message}; check ConnectionStrings:devplatform",
        FormatException or InvalidDataException => $"configuration: {exception.Message}",
        _ => null,
    };
}
