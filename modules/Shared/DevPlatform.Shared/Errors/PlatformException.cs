namespace DevPlatform.Shared.Errors;

/// <summary>
/// An error that a caller can understand and act on. <see cref="Name"/> is contract: Backstage's clients recognise errors by it.
/// </summary>
/// <param name="name">Wire name as Backstage's, e.g. <c>InputError</c>.</param>
/// <param name="statusCode">HTTP status.</param>
/// <param name="message">For people: which field, what was found, what is allowed.</param>
/// <param name="innerException">The cause; never sent.</param>
public abstract class PlatformException(string name, int statusCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Wire name, e.g. <c>NotFoundError</c>.</summary>
    public string Name { get; } = name;

    /// <summary>HTTP status of the answer.</summary>
    public int StatusCode { get; } = statusCode;
}

/// <summary>400 <c>InputError</c>: the request is wrong; says which field, what was found, what is allowed.</summary>
public sealed class InputException(string message, Exception? innerException = null) : PlatformException("InputError", 400, message, innerException)
{
    /// <summary>The usual form of the message.</summary>
    /// <param name="field">Path of the field, e.g. <c>values.name</c>.</param>
    /// <param name="found">What was found.</param>
    /// <param name="allowed">What is allowed, in words.</param>
    public static InputException For(string field, object? found, string allowed) =>
        new($"\"{field}\" is not valid: found {(found is null ? "nothing" : $"\"{found}\"")}; allowed: {allowed}");
}

/// <summary>401 <c>AuthenticationError</c>: no usable token.</summary>
public sealed class AuthenticationException(string message) : PlatformException("AuthenticationError", 401, message);

/// <summary>403 <c>NotAllowedError</c>: a known caller who may not.</summary>
public sealed class NotAllowedException(string message) : PlatformException("NotAllowedError", 403, message);

/// <summary>404 <c>NotFoundError</c>.</summary>
public sealed class NotFoundException(string message) : PlatformException("NotFoundError", 404, message);

/// <summary>409 <c>ConflictError</c>: the state does not permit it; says which state.</summary>
public sealed class ConflictException(string message) : PlatformException("ConflictError", 409, message);

/// <summary>503 <c>ServiceUnavailableError</c>: something we depend on is down; trying again later may work.</summary>
public sealed class ServiceUnavailableException(string message, Exception? innerException = null)
    : PlatformException("ServiceUnavailableError", 503, message, innerException);
