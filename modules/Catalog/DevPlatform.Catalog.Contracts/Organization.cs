namespace DevPlatform.Catalog.Contracts;

/// <summary>
/// Command: the users and groups of the organization are these; Catalog makes <c>User</c> and <c>Group</c> entities of them, and removes those that
/// are not among them. A user or group that a file describes stays as the file says.
/// </summary>
/// <param name="Source">Where they were read: a realm's name.</param>
/// <param name="Groups">All groups.</param>
/// <param name="Users">All users who may sign in.</param>
public sealed record SyncOrganization(string Source, IReadOnlyList<OrganizationGroup> Groups, IReadOnlyList<OrganizationUser> Users);

/// <summary>A group of people.</summary>
/// <param name="Name">Name of its entity.</param>
/// <param name="Type"><c>team</c>, or <c>group</c> for what only caps permissions.</param>
/// <param name="DisplayName">For people.</param>
/// <param name="Parent">Name of the group that holds it.</param>
/// <param name="Id">Its id at the source.</param>
public sealed record OrganizationGroup(string Name, string Type, string? DisplayName = null, string? Parent = null, string? Id = null);

/// <summary>A person.</summary>
/// <param name="Name">Name of the entity.</param>
/// <param name="Groups">Names of the groups the person is in.</param>
/// <param name="DisplayName">For people.</param>
/// <param name="Email">Address.</param>
/// <param name="Id">The person's id at the source.</param>
public sealed record OrganizationUser(string Name, IReadOnlyList<string> Groups, string? DisplayName = null, string? Email = null, string? Id = null);
