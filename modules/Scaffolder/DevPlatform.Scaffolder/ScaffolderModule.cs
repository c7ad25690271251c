using System.Reflection;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Autocomplete;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Scaffolder.DryRun;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.JsonSchemas;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Scaffolder.Templates;
using DevPlatform.Shared.Git;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Wolverine;

namespace DevPlatform.Scaffolder;

/// <summary>The Scaffolder module: golden paths and self-service: templates, tasks, actions, GitOps, guardrails.</summary>
public static class ScaffolderModule
{
    private const string TaskQueue = "scaffolder-tasks";

    /// <summary>Adds the module's services, storage and message handlers.</summary>
    public static IHostApplicationBuilder AddScaffolder(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ScaffolderOptions>().BindConfiguration(ScaffolderOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ScaffolderOptions>, ScaffolderOptionsValidator>();
        services.AddDataProtection();
        services.AddGitRepositories();
        builder.AddModuleDbContext<ScaffolderDbContext>(ScaffolderDbContext.Schema);

        services.AddSingleton<ScratchDirectory>();
        services.AddSingleton<ITaskRunner, TaskRunner>();
        services.AddScoped<TaskEnding>();
        services.AddScoped<TaskCreation>();
        services.AddScoped<DryRunner>();
        services.AddSingleton<TaskNotifications>();
        services.AddHostedService(provider => provider.GetRequiredService<TaskNotifications>());
        services.AddHostedService<TaskSweeper>();
        services.AddHostedService<ActionCheck>();
        services.AddSingleton<IPermissionResources, TaskResources>();
        services.AddSingleton<TemplateFilters>();
        services.AddScaffolderActions();

        var maxConcurrent = builder.Configuration.GetSection(ScaffolderOptions.Section)[$"{nameof(ScaffolderOptions.Tasks)}:{nameof(TaskOptions.MaxConcurrent)}"];
        services.AddModuleMessages(Assembly.GetExecutingAssembly(), options => options
            .LocalQueue(TaskQueue)
            .UseDurableInbox()
            .MaximumParallelMessages(int.TryParse(maxConcurrent, out var max) ? max : new TaskOptions().MaxConcurrent));
        services.ConfigureWolverine(options => options.PublishMessage<RunTask>().ToLocalQueue(TaskQueue));
        return builder;
    }

    /// <summary>Maps the module's endpoints.</summary>
    public static IEndpointRouteBuilder MapScaffolder(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/scaffolder").WithTags("Scaffolder").AddEndpointFilter(AnswerInvalidValuesAsync);
        GetParameterSchemaEndpoint.Map(group);
        ListActionsEndpoint.Map(group);
        CreateTaskEndpoint.Map(group);
        DryRunEndpoint.Map(group);
        AutocompleteEndpoint.Map(group);
        TemplatingExtensionsEndpoint.Map(group);
        ListTasksEndpoint.Map(group);
        GetTaskEndpoint.Map(group);
        TaskEventEndpoints.Map(group);
        CancelTaskEndpoint.Map(group);
        RetryTaskEndpoint.Map(group);
        group.MapPermissionMetadata(ScaffolderPermissions.All, [TaskReading.OwnerRule]);
        return routes;
    }

    // Bad values have Backstage's own answer, without the error envelope.
    private static async ValueTask<object?> AnswerInvalidValuesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (InvalidValuesException e)
        {
            return TypedResults.Json(new { errors = e.Errors }, statusCode: StatusCodes.Status400BadRequest);
        }
    }
}
