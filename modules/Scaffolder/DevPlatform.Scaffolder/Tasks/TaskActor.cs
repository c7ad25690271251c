using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Identity;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>
/// The actor of a task as its row holds it: an <see cref="Actor"/> with the refs that own what the caller owns. They are claims of the token that made
/// the task; nothing else may say what a task that runs later owns (INV-3).
/// </summary>
internal static class TaskActor
{
    private const string Ownership = "OwnershipRefs";

    public static string Write(Caller caller)
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(caller.ToActor())!;
        json[Ownership] = new JsonArray([.. caller.OwnershipRefs.Select(r => (JsonNode)r)]);
        return json.ToJsonString();
    }

    /// <summary>Empty for a task of before they were kept.</summary>
    public static IReadOnlyList<string> OwnershipRefs(string actor) =>
        [.. (JsonNode.Parse(actor)?[Ownership] as JsonArray ?? []).Select(r => r!.ToString())];
}
