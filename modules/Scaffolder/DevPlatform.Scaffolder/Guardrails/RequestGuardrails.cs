using DevPlatform.Scaffolder.JsonSchemas;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>The rules that need nothing but the request: naming, owner, environment tier. Checked when a task is made and before its commit.</summary>
internal static class RequestGuardrails
{
    public static IReadOnlyList<ValidationError> Check(GuardrailOptions options, ProvisioningRequest request)
    {
        var errors = NamingRules.Check(options, request).Concat(EnvironmentTiers.Check(options, request)).ToList();
        if (request.Owner is null)
        {
            errors.Add(EnvironmentTiers.Error(request, "owner", request.FoundOwner, "an entity reference, such as group:default/team-orders", "owner"));
        }

        return errors;
    }

    /// <exception cref="InputException">A rule is broken; the message lists all.</exception>
    public static void Require(GuardrailOptions options, ProvisioningRequest request)
    {
        var errors = Check(options, request);
        if (errors.Count > 0)
        {
            throw new InputException(string.Join("; ", errors.Select(e => e.Text)));
        }
    }
}
