using DevPlatform.Scaffolder.Actions.Approvals;
using DevPlatform.Scaffolder.Actions.Catalog;
using DevPlatform.Scaffolder.Actions.Crossplane;
using DevPlatform.Scaffolder.Actions.Debug;
using DevPlatform.Scaffolder.Actions.Fetch;
using DevPlatform.Scaffolder.Actions.Files;
using DevPlatform.Scaffolder.Actions.GitHub;
using DevPlatform.Scaffolder.Actions.GitOps;
using DevPlatform.Scaffolder.Actions.Manifests;
using DevPlatform.Scaffolder.Actions.Notifications;
using DevPlatform.Scaffolder.Actions.Platform;
using DevPlatform.Scaffolder.Actions.Publish;
using DevPlatform.Scaffolder.Actions.Schemas;
using DevPlatform.Scaffolder.Autocomplete;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Scaffolder.Actions;

/// <summary>The actions that templates can use, and what they share.</summary>
internal static class ActionRegistration
{
    private static readonly TimeSpan HttpTimeout = TimeSpan.FromSeconds(30);

    public static void AddScaffolderActions(this IServiceCollection services)
    {
        services.AddSingleton<ActionRegistry>();
        services.AddSingleton<FetchSource>();
        services.AddSingleton<TokenClone>();
        services.AddSingleton<GitOpsRepository>();
        services.AddSingleton<PublishedFiles>();
        services.AddSingleton<PushPolicy>();
        services.AddSingleton<PullRequests>();
        services.AddSingleton<GiteaApi>();
        services.AddSingleton<GitHubClients>();
        services.AddSingleton<SchemaRegistry>();
        services.AddSingleton<IAutocompleteProvider, GitHubAutocomplete>();
        foreach (var client in new[] { GiteaApi.HttpClientName, NotifySlack.HttpClientName, SchemaRegistry.HttpClientName })
        {
            services.AddHttpClient(client, http => http.Timeout = HttpTimeout);
        }

        AddBuiltIn(services);
        AddPlatform(services);
    }

    private static void AddBuiltIn(IServiceCollection services)
    {
        services.AddSingleton<IScaffolderAction, CatalogFetch>();
        services.AddSingleton<IScaffolderAction, CatalogRegister>();
        services.AddSingleton<IScaffolderAction, CatalogWrite>();
        services.AddSingleton<IScaffolderAction, DebugLog>();
        services.AddSingleton<IScaffolderAction, DebugWait>();
        services.AddSingleton<IScaffolderAction, FetchPlain>();
        services.AddSingleton<IScaffolderAction, FetchPlainFile>();
        services.AddSingleton<IScaffolderAction, FetchTemplate>();
        services.AddSingleton<IScaffolderAction, FetchTemplateFile>();
        services.AddSingleton<IScaffolderAction, FsDelete>();
        services.AddSingleton<IScaffolderAction, FsReaddir>();
        services.AddSingleton<IScaffolderAction, FsRename>();
        services.AddSingleton<IScaffolderAction, PublishGitHub>();
        services.AddSingleton<IScaffolderAction, PublishPullRequest>();
    }

    private static void AddPlatform(IServiceCollection services)
    {
        services.AddSingleton<IScaffolderAction, CatalogUnregister>();
        services.AddSingleton<IScaffolderAction, ChangeClaim>();
        services.AddSingleton<IScaffolderAction, CreateApplication>();
        services.AddSingleton<IScaffolderAction, CreateClaim>();
        services.AddSingleton<IScaffolderAction, CreateConnector>();
        services.AddSingleton<IScaffolderAction, CreateExternalSecret>();
        services.AddSingleton<IScaffolderAction, CreateTopic>();
        services.AddSingleton<IScaffolderAction, GitOpsCommit>();
        services.AddSingleton<IScaffolderAction, NotifyEmail>();
        services.AddSingleton<IScaffolderAction, NotifySlack>();
        services.AddSingleton<IScaffolderAction, PublishGit>();
        services.AddSingleton<IScaffolderAction, RegisterSchema>();
        services.AddSingleton<IScaffolderAction, RequestApprovalStep>();
        services.AddSingleton<IScaffolderAction, RequireCondition>();
        services.AddSingleton<IScaffolderAction, WaitReady>();
    }
}
