using Npgsql;

namespace DevPlatform.Shared.Errors;

/// <summary>What exceptions mean to a caller.</summary>
public static class PlatformExceptions
{
    /// <summary>The exception itself, or what a failure of the database means to the caller; null for what nobody expected.</summary>
    public static PlatformException? Explain(Exception exception) => exception switch
    {
        PlatformException e => e,
        _ when DatabaseErrors(exception).Any(IsAway) => new ServiceUnavailableException("The database cannot be reached at the moment; try again", exception),
        _ when DatabaseErrors(exception).Any(e => e.SqlState is PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter) =>
            new InputException("The request holds text that cannot be stored: the character NUL, or half of a surrogate pair", exception),
        _ => null,
    };

    /// <summary>Entity Framework wraps what the driver throws, once or more often.</summary>
    private static IEnumerable<NpgsqlException> DatabaseErrors(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is NpgsqlException error)
            {
                yield return error;
            }
        }
    }

    /// <summary>Whether the server is not there, is going or coming, has no room, or does not let us in; any other error of the driver's own is of the connection.</summary>
    private static bool IsAway(NpgsqlException e) => e.IsTransient || e is not PostgresException { SqlState: var state }
        || state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("28", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57P", StringComparison.Ordinal) || state is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ObjectNotInPrerequisiteState;
}
