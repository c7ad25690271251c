using System.Diagnostics.Metrics;

namespace DevPlatform.Access.Requests;

/// <summary>Numbers for dashboards and alerts, meter <c>DevPlatform.Access</c>.</summary>
public sealed class AccessMetrics
{
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _postponed;

    /// <summary>Creates the meter's instruments.</summary>
    public AccessMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("DevPlatform.Access");
        _transitions = meter.CreateCounter<long>("devplatform.access.transitions", "{transition}", "Access requests by the state they went to");
        _postponed = meter.CreateCounter<long>("devplatform.access.postponed", "{attempt}", "Calls to Teleport and Vault that have to be tried again");
    }

    internal void Transition(AccessRequest request) => _transitions.Add(
        1, new("state", request.State.ToString()), new("target", request.Target), new("environment", request.Environment));

    internal void Postponed(string tool) => _postponed.Add(1, new KeyValuePair<string, object?>("tool", tool));
}
