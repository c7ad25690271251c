using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Scaffolder.JsonSchemas;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Scaffolder.Templates;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wolverine;

namespace DevPlatform.Scaffolder.DryRun;

/// <summary>Runs a template in a directory of its own that is gone afterwards; no row is written, nothing outside is touched.</summary>
internal sealed class DryRunner(
    ActionRegistry actions, TemplateFilters filters, IMessageBus bus, IDataProtectionProvider protection, TimeProvider time, ScratchDirectory scratch,
    IOptions<ScaffolderOptions> options, ILogger<DryRunner> logger)
{
    public ActionRegistry Actions { get; } = actions;

    /// <exception cref="InvalidValuesException">The values are not what the template asks for.</exception>
    /// <exception cref="DryRunFailedException">A step failed.</exception>
    public async Task<JsonObject> RunAsync(DryRunRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var provisioning = ProvisioningRequest.Read(request.Template, request.Values);
        await TaskInput.ValidateAsync(
            request.Template.Pages, request.Template.SecretsSchema, request.Values, request.Secrets, provisioning, options.Value.Guardrails, cancellationToken);
        var userEntity = await TemplateStore.FindEntityAsync(bus, caller.UserRef, cancellationToken);
        var steps = (request.Template.Spec["steps"] as JsonArray ?? []).OfType<JsonObject>();
        var spec = TaskSpec.Create(request.Template, steps, request.Values, caller.UserRef, userEntity);
        var id = Guid.NewGuid();
        var directory = scratch.PathOf($"dry-run-{id:N}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.Tasks.DryRunTimeout);
        try
        {
            return await ExecuteAsync(request, caller, provisioning, spec, id, directory, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DryRunFailedException(new TaskError("TimeoutError", $"The dry run did not finish within {options.Value.Tasks.DryRunTimeout} (Scaffolder:Tasks:DryRunTimeout)"));
        }
        finally
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private async Task<JsonObject> ExecuteAsync(
        DryRunRequest request, Caller caller, ProvisioningRequest? provisioning, TaskSpec spec, Guid id, string directory, CancellationToken cancellationToken)
    {
        var actor = caller.ToActor();
        var now = time.GetUtcNow();
        var secrets = new TaskSecrets(protection, request.Secrets);
        var journal = new DryRunJournal(secrets, time);
        var workspace = new Workspace(directory, options.Value.Workspace);
        var task = new ScaffolderTask
        {
            Id = id,
            TemplateRef = request.Template.EntityRef,
            Status = TaskStatuses.Processing,
            Spec = spec.Json.ToJsonString(),
            Actor = TaskActor.Write(caller),
            CreatedBy = actor.UserRef,
            CreatedAt = now,
            Request = provisioning?.ToJson(),
            Environment = provisioning?.Environment,
        };
        var execution = new TaskExecution(task, [], actor, secrets, journal, workspace, Actions, filters, bus, options.Value, logger) { DryRunFiles = request.Files };
        var (output, error) = await execution.RunAsync(cancellationToken);
        if (error is not null)
        {
            throw new DryRunFailedException(error);
        }

        return new JsonObject
        {
            ["log"] = journal.Lines,
            ["directoryContents"] = await ContentsAsync(workspace, cancellationToken),
            ["output"] = output,
            ["steps"] = spec.Json["steps"]!.DeepClone(),
        };
    }

    private static async Task<JsonArray> ContentsAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var contents = new JsonArray();
        foreach (var file in workspace.Files())
        {
            var full = workspace.Resolve(file);
            contents.Add(new JsonObject
            {
                ["path"] = file,
                ["executable"] = Workspace.IsExecutable(full),
                ["base64Content"] = Convert.ToBase64String(await File.ReadAllBytesAsync(full, cancellationToken)),
            });
        }

        return contents;
    }
}

/// <summary>400 with the error name of the step that failed: what is wrong is the template that the caller sent.</summary>
internal sealed class DryRunFailedException(TaskError error) : PlatformException(error.Name, 400, error.Message);
