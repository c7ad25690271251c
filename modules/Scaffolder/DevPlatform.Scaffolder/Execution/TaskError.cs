using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>Why a task failed, as its log says it; masked.</summary>
internal sealed record TaskError(string Name, string Message)
{
    public static TaskError From(Exception exception, TaskSecrets secrets) => new(
        exception switch
        {
            PlatformException platform => platform.Name,
            TimeoutException => "TimeoutError",
            _ => "Error",
        },
        secrets.MaskText(exception.Message));

    public JsonObject ToJson() => new() { ["name"] = Name, ["message"] = Message };

    public string Serialize() => JsonSerializer.Serialize(this);

    public static TaskError? Parse(string? json) => json is null ? null : JsonSerializer.Deserialize<TaskError>(json);

    public override string ToString() => $"{Name}: {Message}";
}
