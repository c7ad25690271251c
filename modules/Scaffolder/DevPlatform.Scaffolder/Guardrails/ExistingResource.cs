using System.Globalization;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>
/// A Resource of the catalog that a task changes or removes: it must be the requester's own, stay within its tier, and have the approvals that its
/// tier asks for (INV-6, INV-11).
/// </summary>
internal sealed record ExistingResource(string EntityRef, JsonObject Entity, IReadOnlyList<string> Owners)
{
    private static readonly Dictionary<string, string> SameNames = [];

    private string ResourceType => Entity["spec"]?["type"]?.ToString() ?? "";

    private string? Environment => Entity["metadata"]?["annotations"]?["devplatform.io/environment"]?.ToString();

    /// <summary>Null when the catalog does not have it.</summary>
    public static async Task<ExistingResource?> FindAsync(ActionContext context, string entityRef, CancellationToken cancellationToken)
    {
        var document = await context.Bus.InvokeAsync<EntityDocument>(new GetEntity(entityRef), cancellationToken);
        return document is { Found: true, Json: { } json } ? new ExistingResource(document.EntityRef, (JsonObject)JsonNode.Parse(json)!, document.Owners) : null;
    }

    /// <exception cref="NotAllowedException">It is somebody else's, or an approval is missing.</exception>
    public void RequireMayChange(ActionContext context, GuardrailOptions options)
    {
        if (!Owners.Any(owner => context.OwnershipRefs.Contains(owner, StringComparer.OrdinalIgnoreCase)))
        {
            throw new NotAllowedException(
                $"\"entityRef\" is not allowed: found \"{EntityRef}\", which belongs to {(Owners.Count > 0 ? string.Join(", ", Owners) : "nobody")}; allowed: what belongs to you or your teams");
        }

        var lacking = ApprovalRules.RolesFor(options, Request([])).Except(context.ApprovedRoles, StringComparer.Ordinal).ToArray();
        if (lacking.Length > 0 && !context.IsDryRun)
        {
            throw new NotAllowedException(
                $"A change of {EntityRef} ({ResourceType} in {Environment}) needs the approval of {string.Join(" and ", lacking)} (access:request-approval), which this task does not have");
        }
    }

    /// <exception cref="InputException">The tier does not allow it, or what only grows would shrink; lists all.</exception>
    public void RequireWithinTier(GuardrailOptions options, JsonObject before, JsonObject after)
    {
        var request = Request(after);
        var errors = request.Environment is null ? [] : EnvironmentTiers.Check(options, request).Select(e => $"\"spec.{e.Path[0]}\" {e.Message}").ToList();
        if (EnvironmentTiers.ParseQuantity(before["storage"]?.ToString()) is { } was && EnvironmentTiers.ParseQuantity(after["storage"]?.ToString()) < was)
        {
            errors.Add(Shrinks("storage"));
        }

        if (Number(after["partitions"]) < Number(before["partitions"]))
        {
            errors.Add(Shrinks("partitions"));
        }

        if (errors.Count > 0)
        {
            throw new InputException(string.Join("; ", errors));
        }

        string Shrinks(string field) => $"\"spec.{field}\" is not allowed: found {after[field]}; allowed: {before[field]} or more, it never shrinks";
    }

    // Whatever type the number has come from.
    private static double? Number(JsonNode? node) => double.TryParse(node?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private ProvisioningRequest Request(JsonObject spec) => new()
    {
        ResourceType = ResourceType,
        Name = Entity["metadata"]?["name"]?.ToString(),
        Environment = EnvironmentTiers.Normalize(Environment),
        FoundEnvironment = Environment,
        Owner = Owners.Count > 0 ? Owners[0] : null,
        Size = spec["size"]?.ToString(),
        Storage = spec["storage"]?.ToString(),
        // The replicas of a topic are copies, not instances.
        Replicas = spec["partitions"] is null ? (int?)Number(spec["replicas"]) : null,
        Backup = spec["backup"]?.ToString(),
        ParameterNames = SameNames,
    };
}
