using System.Text.Json.Nodes;
using DevPlatform.Access.Contracts;
using DevPlatform.Identity.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Scaffolder.Templates;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Signals;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Wolverine;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>
/// Stores a checked task in one transaction with its quota slot, its audit event and the message that makes it run, or the one that asks for
/// approval.
/// </summary>
internal sealed class TaskCreation(
    Outbox<ScaffolderDbContext> outbox, IMessageBus bus, IAuditTrail audit, IDataProtectionProvider protection, TimeProvider time,
    IOptions<ScaffolderOptions> options)
{
    public const string SubjectType = "scaffolder.task";

    public async Task<Guid> CreateAsync(
        Template template, TaskSpec spec, Caller caller, JsonObject secrets, ProvisioningRequest? request, CancellationToken cancellationToken)
    {
        var actor = caller.ToActor();
        var guardrails = options.Value.Guardrails;
        var now = time.GetUtcNow();
        var warning = TemplateLifecycle.Check(template);
        var approvers = request is null ? [] : ApprovalRules.RolesFor(guardrails, request);
        var task = new ScaffolderTask
        {
            Id = Guid.NewGuid(),
            TemplateRef = template.EntityRef,
            Status = approvers.Count > 0 ? TaskStatuses.AwaitingApproval : TaskStatuses.Open,
            Spec = spec.Json.ToJsonString(),
            Actor = TaskActor.Write(caller),
            CreatedBy = actor.UserRef,
            CreatedAt = now,
            QueuedAt = now,
            ProtectedSecrets = new TaskSecrets(protection, secrets).Protect(),
            Request = request?.ToJson(),
            Environment = request?.Environment,
            ApprovalId = approvers.Count > 0 ? Guid.NewGuid() : null,
            AwaitedRoles = [.. approvers],
        };
        if (request is not null && await TemplateStore.FindEntityAsync(bus, request.EntityRef, cancellationToken) is not null)
        {
            throw new ConflictException(
                $"\"values.{request.ParameterOf("name")}\" is not valid: found \"{request.Name}\", and {request.EntityRef} exists; allowed: a name not in use");
        }

        using var turn = await Quotas.TakeTurnAsync(cancellationToken);
        await using var transaction = await outbox.DbContext.Database.BeginTransactionAsync(cancellationToken);
        outbox.DbContext.Tasks.Add(task);
        if (request is not null)
        {
            await Quotas.ReserveAsync(outbox.DbContext, bus, guardrails, request, task.Id, now, cancellationToken);
        }

        await SaveAsync(request, cancellationToken);
        await outbox.DbContext.TellChangedAsync(ChangeSignals.Tasks, [task.CreatedBy], cancellationToken);
        if (warning is not null)
        {
            await TaskEvents.AppendLogAsync(outbox.DbContext, task.Id, warning, spec.FirstStepId, null, now, cancellationToken);
        }

        await outbox.PublishAsync(audit.Event(
            actor, "scaffolder.task.create", $"task:{task.Id}", AuditResult.Success, template.EntityRef, task.Id.ToString()));
        if (task.ApprovalId is { } approvalId)
        {
            await ParkAsync(task, approvalId, template, actor, request!, approvers, now, cancellationToken);
        }
        else
        {
            await outbox.PublishAsync(new RunTask(task.Id));
        }

        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
        ScaffolderTelemetry.TasksCreated.Add(1, new KeyValuePair<string, object?>("template", template.EntityRef));
        return task.Id;
    }

    private async Task ParkAsync(
        ScaffolderTask task, Guid approvalId, Template template, Actor actor, ProvisioningRequest request, IReadOnlyList<string> approvers,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var title = $"{template.Metadata["title"] ?? template.Metadata["name"]}: {request.ResourceType} {request.Name} in {request.Environment}";
        var reason = $"A {request.ResourceType} in {request.Environment} needs approval by {string.Join(" and ", approvers)}";
        await outbox.PublishAsync(new RequestApproval(
            approvalId, SubjectType, task.Id.ToString(), title, request.Reason is null ? reason : $"{reason}. {actor.Name ?? actor.UserRef}: {request.Reason}", actor, approvers, request.EntityRef, request.Environment));
        await outbox.PublishAsync(new TaskStatusChanged(task.Id, task.Status, task.CreatedBy, task.TemplateRef, null));
        await outbox.PublishAsync(audit.Event(
            actor, "scaffolder.task.await-approval", $"task:{task.Id}", AuditResult.Success, reason, task.Id.ToString()));
        await TaskEvents.AppendLogAsync(outbox.DbContext, task.Id, $"{reason}; waiting", TaskSpec.Parse(task.Spec).FirstStepId, null, now, cancellationToken);
    }

    private async Task SaveAsync(ProvisioningRequest? request, CancellationToken cancellationToken)
    {
        try
        {
            await outbox.DbContext.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } && request is not null)
        {
            // Another quota's lock does not keep two owners from asking for one name at the same moment; the index does.
            throw new ConflictException(
                $"\"values.{request.ParameterOf("name")}\" is not valid: found \"{request.Name}\", which another task is creating; allowed: a name not in use");
        }
    }
}
