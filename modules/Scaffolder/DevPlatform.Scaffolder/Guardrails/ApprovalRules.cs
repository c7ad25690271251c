namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>Who must approve a request before it runs (RFC §6.7.2).</summary>
internal static class ApprovalRules
{
    /// <summary>Realm roles, all of which must approve; empty when nobody need.</summary>
    public static IReadOnlyList<string> RolesFor(GuardrailOptions options, ProvisioningRequest request)
    {
        var roles = options.Approvals.GetValueOrDefault($"{request.Environment}/{request.ResourceType}")
            ?? options.Approvals.GetValueOrDefault(request.Environment ?? "");
        return roles is null ? [] : EnvironmentTiers.Split(roles);
    }
}
