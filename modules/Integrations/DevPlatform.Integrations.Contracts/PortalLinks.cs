namespace DevPlatform.Integrations.Contracts;

/// <summary>Pages of the portal that notifications lead to.</summary>
public static class PortalLinks
{
    /// <summary>An access request.</summary>
    public static string AccessRequest(Guid id) => $"/access/requests/{id}";

    /// <summary>An approval in the inbox.</summary>
    public static string Approval(Guid id) => $"/access/approvals?approval={id}";
}
