namespace DevPlatform.Shared.Identity;

/// <summary>Tells when a Keycloak session ends, on whichever replica it was said (sign-out, back-channel logout).</summary>
public interface ISessionEnds
{
    /// <summary>Calls <paramref name="ended"/> when the caller's session ends, at once if it has ended already; it may come more than once, and must not wait.</summary>
    /// <param name="caller">Whose session.</param>
    /// <param name="ended">What then happens.</param>
    /// <returns>Dispose it to stop watching.</returns>
    IDisposable Watch(Caller caller, Action ended);
}
