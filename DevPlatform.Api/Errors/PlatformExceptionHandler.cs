using System.Text.Json;
using System.Text.RegularExpressions;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Diagnostics;

namespace DevPlatform.Api.Errors;

/// <summary>Gives an exception its status and its message; nothing of an unexpected one leaves the process but a trace id.</summary>
internal sealed partial class PlatformExceptionHandler(IProblemDetailsService problems, ILogger<PlatformExceptionHandler> logger) : IExceptionHandler
{
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = ClientClosedRequest;
            return true;
        }

        var shown = PlatformExceptions.Explain(exception);
        httpContext.Response.StatusCode = shown?.StatusCode ?? (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
        if (exception is BadHttpRequestException bad && shown is null)
        {
            httpContext.Features.Set(new ErrorMessage(Describe(bad)));
        }

        if (httpContext.Response.StatusCode == StatusCodes.Status500InternalServerError)
        {
            // Exceptions that a handler takes are no longer logged by the framework.
            logger.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, Exception = shown });
    }

    private static string Describe(BadHttpRequestException exception) => exception.InnerException switch
    {
        JsonException json => DescribeJson(json),
        _ => exception.Message,
    };

    /// <summary>System.Text.Json's message names .NET types and byte positions; ours names the field and what JSON allows there.</summary>
    private static string DescribeJson(JsonException json)
    {
        var field = json.Path is null or "$" ? "the request body" : $"\"{json.Path.TrimStart('$', '.')}\"";
        var expected = ConvertedTo().Match(json.Message) is { Success: true } match ? match.Groups[1].Value : null;
        if (expected is not null)
        {
            return $"{field} is not valid: allowed: {JsonNameOf(expected)}";
        }

        var end = json.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return $"{field} is not valid JSON at line {json.LineNumber + 1}: {(end < 0 ? json.Message : json.Message[..end])}";
    }

    private static string JsonNameOf(string type) => type switch
    {
        _ when type.Contains("System.String", StringComparison.Ordinal) => "a string",
        _ when type.Contains("System.Boolean", StringComparison.Ordinal) => "true or false",
        _ when type.Contains("System.Guid", StringComparison.Ordinal) => "a UUID",
        _ when type.Contains("System.Date", StringComparison.Ordinal) => "a date and time such as 2030-01-31T12:00:00Z",
        _ when type.Contains("System.Int", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("System.Double", StringComparison.Ordinal) || type.Contains("System.Decimal", StringComparison.Ordinal) => "a number",
        _ when type.EndsWith("JsonArray", StringComparison.Ordinal) => "an array",
        _ when type.Contains("List", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) => "an array",
        _ => "an object",
    };

    [GeneratedRegex(@"could not be converted to (\S+?)\. ", RegexOptions.None, 100)]
    private static partial Regex ConvertedTo();
}
