using System.Diagnostics;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.WebUtilities;

namespace DevPlatform.Api.Errors;

/// <summary>
/// Writes errors so that Backstage's clients (<c>error</c>, <c>request</c>, <c>response</c>) and ProblemDetails clients (RFC 9457) both
/// understand them. Backstage's client ignores bodies sent as <c>application/problem+json</c>, so it is <c>application/json</c>.
/// </summary>
internal sealed class ErrorBodyWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments("/api");

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var status = http.Response.StatusCode;
        var title = ReasonPhrases.GetReasonPhrase(status);
        var known = context.Exception as PlatformException;
        var message = known?.Message ?? http.Features.Get<ErrorMessage>()?.Text ?? context.ProblemDetails.Detail ?? DefaultMessage(http, status);
        var body = new ErrorBody(
            "about:blank",
            title,
            status,
            message,
            http.Request.Path,
            Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier,
            new ErrorBody.ErrorPart(known?.Name ?? NameOf(status), message),
            new ErrorBody.RequestPart(http.Request.Method, UrlInPlugin(http.Request)),
            new ErrorBody.ResponsePart(status));
        return new ValueTask(http.Response.WriteAsJsonAsync(body));
    }

    /// <summary>As Backstage's routers see it: without <c>/api/&lt;plugin&gt;</c>.</summary>
    private static string UrlInPlugin(HttpRequest request)
    {
        var path = request.Path.Value!;
        var plugin = path.IndexOf('/', "/api".Length);
        var rest = plugin < 0 ? -1 : path.IndexOf('/', plugin + 1);
        return (rest < 0 ? "/" : path[rest..]) + request.QueryString;
    }

    private static string NameOf(int status) => status switch
    {
        400 => "InputError",
        401 => "AuthenticationError",
        403 => "NotAllowedError",
        404 => "NotFoundError",
        405 => "MethodNotAllowedError",
        409 => "ConflictError",
        413 => "PayloadTooLargeError",
        415 => "UnsupportedMediaTypeError",
        429 => "TooManyRequestsError",
        503 => "ServiceUnavailableError",
        _ => "InternalServerError",
    };

    private static string DefaultMessage(HttpContext http, int status) => status switch
    {
        400 => "The request is not valid",
        401 => "Missing credentials",
        403 => "Not allowed",
        404 => $"Nothing is at {http.Request.Path}",
        405 => $"{http.Request.Method} is not allowed at {http.Request.Path}; allowed: {http.Response.Headers.Allow}",
        413 => "The request body is too large",
        415 => $"\"Content-Type\" is not valid: found \"{http.Request.ContentType}\"; allowed: application/json",
        429 => "Too many requests without a valid token; try again in a second",
        503 => "The request took too long",
        _ => "Something went wrong here; the trace id finds it in our logs",
    };
}

/// <summary>The error body of spec: RFC 9457's members and Backstage's in one object.</summary>
internal sealed record ErrorBody(
    string Type,
    string Title,
    int Status,
    string Detail,
    string? Instance,
    string TraceId,
    ErrorBody.ErrorPart Error,
    ErrorBody.RequestPart Request,
    ErrorBody.ResponsePart Response)
{
    internal sealed record ErrorPart(string Name, string Message);

    internal sealed record RequestPart(string Method, string Url);

    internal sealed record ResponsePart(int StatusCode);
}
