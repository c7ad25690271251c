namespace DevPlatform.Api.Errors;

/// <summary>One error body for every <c>/api</c> path (spec: architecture, Errors).</summary>
internal static class ErrorBodyExtensions
{
    /// <summary>Our writer comes before <c>AddProblemDetails</c>: the first writer that can, writes.</summary>
    public static void AddErrorBodies(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IProblemDetailsWriter, ErrorBodyWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<PlatformExceptionHandler>();
        // Binding failures reach the exception handler, which says which field it was.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }
}
