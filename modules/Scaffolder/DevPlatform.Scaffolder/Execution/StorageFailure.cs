using Npgsql;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>Tells what the platform's own database did from what a step did: the first says nothing about the task, which is tried again.</summary>
internal static class StorageFailure
{
    /// <summary>Whether an exception, or one that it wraps, is a failure of PostgreSQL or the way there that passes: a restart, a lost connection, a full pool.</summary>
    public static bool Is(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is NpgsqlException { IsTransient: true })
            {
                return true;
            }
        }

        return false;
    }
}
