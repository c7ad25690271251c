using DevPlatform.PeerBenchmarks.Load;

namespace DevPlatform.PeerBenchmarks.Rows;

/// <summary>A kind of request that both systems are measured with.</summary>
/// <param name="Name">As the report calls it, and <c>--rows</c> picks it.</param>
/// <param name="Goal">How many times the peer's requests per second it should reach.</param>
/// <param name="Requests">The distinct requests, the same for both.</param>
/// <param name="DependsOnEntities">Whether a larger catalog could make it slower.</param>
internal sealed record RequestRow(string Name, double Goal, IReadOnlyList<LoadRequest> Requests, bool DependsOnEntities = true);
