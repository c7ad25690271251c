using DevPlatform.Access.Teleport;
using DevPlatform.Access.Teleport.Protos;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Access.Tests.Support;

/// <summary>What somebody at Teleport itself sees and does.</summary>
internal static class TeleportRequests
{
    public static async Task<IReadOnlyList<(string Id, string State, string Reason)>> OfAsync(AccessPlatform platform, string user)
    {
        var all = await Client(platform).ListAccessRequestsAsync(new ListAccessRequestsRequest { Filter = new AccessRequestFilter { User = user } });
        return [.. all.AccessRequests.Select(r => (r.Metadata.Name, r.Spec.State.ToString(), r.Spec.RequestReason))];
    }

    public static async Task DenyAsync(AccessPlatform platform, string id) =>
        await Client(platform).SetAccessRequestStateAsync(new RequestStateSetter { Id = id, State = RequestState.Denied, Reason = "Suspicious" });

    private static AuthService.AuthServiceClient Client(AccessPlatform platform) =>
        new(platform.Services.GetRequiredService<TeleportChannel>().Channel);
}
