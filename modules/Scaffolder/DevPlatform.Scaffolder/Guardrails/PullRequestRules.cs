namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>Which changes people merge themselves, besides approving the request (INV-4: sensitive changes go by pull request).</summary>
internal static class PullRequestRules
{
    /// <summary>Whether a request is among <c>Scaffolder:Guardrails:PullRequests</c>: <c>&lt;environment&gt;</c>, <c>&lt;environment&gt;/&lt;type&gt;</c> or <c>*/&lt;type&gt;</c>.</summary>
    public static bool Applies(GuardrailOptions options, ProvisioningRequest? request) =>
        request is not null && options.PullRequests.Any(rule =>
            rule.Equals(request.Environment, StringComparison.OrdinalIgnoreCase)
            || rule.Equals($"{request.Environment}/{request.ResourceType}", StringComparison.OrdinalIgnoreCase)
            || rule.Equals($"*/{request.ResourceType}", StringComparison.OrdinalIgnoreCase));
}
