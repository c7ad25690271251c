using DevPlatform.Shared.Errors;

namespace DevPlatform.Access.Requests;

/// <summary>One page of a list.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">For the next page; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Query parameters that lists share. Ids grow with time, so an id is a place in the list.</summary>
internal static class Paging
{
    private const int Largest = 100;

    public static int Limit(int? limit) => limit switch
    {
        null => 20,
        >= 1 and <= Largest => limit.Value,
        _ => throw InputException.For("limit", limit, $"1 to {Largest}"),
    };

    public static Guid? Cursor(string? cursor) => cursor is null ? null
        : Guid.TryParse(cursor, out var id) ? id
        : throw InputException.For("cursor", cursor, "the nextCursor of the page before");

    public static string OneOf(string field, string value, params string[] allowed) =>
        allowed.FirstOrDefault(a => string.Equals(a, value, StringComparison.OrdinalIgnoreCase))
        ?? throw InputException.For(field, value, string.Join(", ", allowed));

    /// <summary>The states that a query names; they may be repeated.</summary>
    public static TState[] States<TState>(string[] states)
        where TState : struct, Enum => [.. states.Select(state => Enum.Parse<TState>(OneOf("state", state, Enum.GetNames<TState>())))];

    /// <summary>Makes a page of what was found when one more than the page's size was asked for.</summary>
    public static Page<TView> PageOf<T, TView>(List<T> found, int size, Func<T, Guid> id, Func<T, TView> view) =>
        new([.. found.Take(size).Select(view)], found.Count > size ? id(found[size - 1]).ToString() : null);
}
