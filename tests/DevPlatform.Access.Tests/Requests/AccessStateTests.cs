using DevPlatform.Access.Requests;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Access.Tests.Requests;

public sealed class AccessStateTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Pending"] = ["Approved", "Denied", "Expired", "Cancelled"],
        ["Approved"] = ["Active", "Expired", "Revoked"],
        ["Active"] = ["Expired", "Revoked"],
        ["Expired"] = [],
        ["Revoked"] = [],
        ["Denied"] = [],
        ["Cancelled"] = [],
    };

    public static TheoryData<string, string> EveryPair()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var from in Allowed.Keys)
        {
            foreach (var to in Allowed.Keys)
            {
                pairs.Add(from, to);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void Goes_only_where_the_table_lets_it(string from, string to)
    {
        var request = RequestIn(Enum.Parse<AccessState>(from));

        if (Allowed[from].Contains(to))
        {
            request.Become(Enum.Parse<AccessState>(to), Now, null);
            request.State.ToString().ShouldBe(to);
        }
        else
        {
            Should.Throw<ConflictException>(() => request.Become(Enum.Parse<AccessState>(to), Now, null)).Message.ShouldContain($"is {from}");
            request.State.ToString().ShouldBe(from);
        }
    }

    [Fact]
    public void Lasts_as_long_as_asked_from_when_it_begins()
    {
        var request = RequestIn(AccessState.Active);

        request.ExpiresAt.ShouldBe(Now + TimeSpan.FromHours(1));
        request.Extend(TimeSpan.FromMinutes(30));
        request.ExpiresAt.ShouldBe(Now + TimeSpan.FromMinutes(90));
    }

    private static AccessRequest RequestIn(AccessState state)
    {
        var request = new AccessRequest
        {
            Id = Guid.NewGuid(),
            RequestedBy = new Actor("user:default/ana"),
            RequesterRef = "user:default/ana",
            Username = "ana",
            ResourceRef = "resource:default/orders",
            Target = "database",
            Environment = "development",
            AccessType = "read",
            Duration = TimeSpan.FromHours(1),
            MaximumDuration = TimeSpan.FromHours(8),
            Justification = "why",
            Urgent = false,
            CreatedAt = Now,
            TeleportResource = "db/orders",
        };
        AccessState[] path = state switch
        {
            AccessState.Pending => [],
            AccessState.Approved => [AccessState.Approved],
            AccessState.Active => [AccessState.Approved, AccessState.Active],
            AccessState.Revoked => [AccessState.Approved, AccessState.Active, AccessState.Revoked],
            _ => [state],
        };
        foreach (var step in path)
        {
            request.Become(step, Now, null);
        }

        return request;
    }
}
