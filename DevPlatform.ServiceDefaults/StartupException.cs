namespace DevPlatform.ServiceDefaults;

/// <summary>
/// The process cannot start, and the operator can mend it: the message says which setting, what was found and what is allowed. It is printed
/// alone, without a stack trace.
/// </summary>
public sealed class StartupException(string message, Exception? innerException = null) : Exception(message, innerException);
