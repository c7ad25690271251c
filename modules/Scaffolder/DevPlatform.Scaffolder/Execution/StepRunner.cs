using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.JsonSchemas;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>Runs the action of one step, once or for each item, and gathers the outputs.</summary>
internal sealed class StepRunner(ActionRegistry actions, StepExpressions expressions, TimeSpan defaultTimeout, Func<ActionInvocation, ActionContext> createContext)
{
    /// <summary>The step's outputs and the commit it made, if it made one.</summary>
    public async Task<(JsonObject Output, string? Commit)> RunAsync(StepSpec step, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        var action = actions.Get(step.Action);
        using var activity = ScaffolderTelemetry.Activities.StartActivity($"scaffolder.step {step.Action}");
        activity?.SetTag("scaffolder.step", step.Id);
        var started = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timeout = action.Definition.Timeout ?? defaultTimeout;
        limit.CancelAfter(timeout);
        var succeeded = false;
        try
        {
            var result = step.Each is null
                ? await RunOnceAsync(action, step, startedAt, null, limit.Token)
                : await RunEachAsync(action, step, startedAt, limit.Token);
            succeeded = true;
            return result;
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Step {step.Id} ({step.Action}) did not finish within {timeout}", e);
        }
        finally
        {
            ScaffolderTelemetry.StepDuration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds, new("action", step.Action), new("status", succeeded ? "completed" : "failed"));
        }
    }

    private async Task<(JsonObject Output, string? Commit)> RunEachAsync(
        IScaffolderAction action, StepSpec step, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        var output = new JsonObject();
        string? commit = null;
        foreach (var (key, value) in Items(step))
        {
            var each = new JsonObject { ["key"] = key, ["value"] = value?.DeepClone() };
            if (!expressions.Holds(step.If, each))
            {
                continue;
            }

            var (itemOutput, itemCommit) = await RunOnceAsync(action, step, startedAt, each, cancellationToken);
            commit = itemCommit ?? commit;
            foreach (var (name, result) in itemOutput)
            {
                var results = output[name] as JsonArray;
                if (results is null)
                {
                    output[name] = results = [];
                }

                results.Add(result?.DeepClone());
            }
        }

        return (output, commit);
    }

    private IEnumerable<(string Key, JsonNode? Value)> Items(StepSpec step) => expressions.RenderInput(step.Each) switch
    {
        JsonArray list => list.Select((value, index) => (index.ToString(CultureInfo.InvariantCulture), value)),
        JsonObject map => map.Select(entry => (entry.Key, entry.Value)),
        var other => throw new InputException(
            $"Invalid value on action {step.Action}.each: found {other?.ToJsonString() ?? "nothing"}; allowed: a list or an object"),
    };

    private async Task<(JsonObject Output, string? Commit)> RunOnceAsync(
        IScaffolderAction action, StepSpec step, DateTimeOffset startedAt, JsonObject? each, CancellationToken cancellationToken)
    {
        // Through text, so that numbers are JSON's and not of whatever type an expression computed.
        var input = JsonNode.Parse(expressions.RenderInput(step.Input, each)?.ToJsonString() ?? "{}") as JsonObject ?? [];
        var errors = await SchemaValidator.ValidateAsync(action.Definition.InputSchema!, input, "input", cancellationToken);
        if (errors.Count > 0)
        {
            throw new InputException($"Invalid input passed to action {step.Action}, {string.Join(", ", errors.Select(e => e.Stack))}");
        }

        var key = each is null ? step.Id : $"{step.Id}[{each["key"]}]";
        var context = createContext(new ActionInvocation(key, startedAt, input));
        // An action that does not listen is left behind when the task is stopped: its workspace is gone by then.
        await action.ExecuteAsync(context, cancellationToken).WaitAsync(cancellationToken);
        return (context.Output, context.Commit);
    }
}

/// <summary>What differs between the runs of actions in one task.</summary>
internal sealed record ActionInvocation(string StepKey, DateTimeOffset StepStartedAt, JsonObject Input);
