using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;

namespace DevPlatform.Catalog.Locations;

/// <summary>What may be registered by people and tasks.</summary>
internal static class LocationRules
{
    /// <exception cref="InputException">Names the field.</exception>
    public static void Check(string? type, string? target)
    {
        if (type != "url")
        {
            throw new InputException($"Registered locations must be of an allowed type [\"url\"]; \"type\" is {(type is null ? "missing" : $"\"{type}\"")}");
        }

        if (!Uri.TryCreate(target, UriKind.Absolute, out var uri) || (uri.Scheme is not ("http" or "https") && !GitUrl.TryParse(target, out _)))
        {
            throw InputException.For("target", target, "an absolute http(s) URL");
        }
    }
}
