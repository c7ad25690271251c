namespace DevPlatform.Shared.Git;

/// <summary>User name and password or token at a Git host.</summary>
public sealed record GitAccount(string Username, string Password)
{
    /// <summary>The password stays out of logs.</summary>
    public override string ToString() => Username;
}

/// <summary>Accounts that are made when they are needed, for hosts whose settings name none.</summary>
public interface IGitAccounts
{
    /// <summary>The account for a repository; null when it is not this one's to give.</summary>
    Task<GitAccount?> FindAsync(Uri repository, CancellationToken cancellationToken);
}
