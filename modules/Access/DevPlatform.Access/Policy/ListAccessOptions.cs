using DevPlatform.Access.Contracts;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wolverine;

namespace DevPlatform.Access.Policy;

/// <summary>How access to an entity can be asked for.</summary>
/// <param name="Resource">Its entity ref.</param>
/// <param name="Environment">development, staging or production; null when no access is offered.</param>
/// <param name="Items">What the policy offers; empty when the entity is no target of access.</param>
/// <param name="Problem">Why nothing is offered, or null.</param>
internal sealed record AccessOptionsView(string Resource, string? Environment, IReadOnlyList<AccessOptionView> Items, string? Problem);

/// <summary>One way to ask for access.</summary>
/// <param name="Target">database, ssh, kubernetes-exec or port-forward.</param>
/// <param name="AccessType">read, write or admin.</param>
/// <param name="DefaultDuration">ISO 8601; what a request without a duration gets.</param>
/// <param name="MaximumDuration">ISO 8601, extensions included.</param>
/// <param name="Approvers">Groups, all of which must approve, each with the keys of which one suffices; empty when nobody needs to.</param>
internal sealed record AccessOptionView(
    string Target, string AccessType, string DefaultDuration, string MaximumDuration, IReadOnlyList<IReadOnlyList<string>> Approvers);

internal static class ListAccessOptionsEndpoint
{
    public static void Map(RouteGroupBuilder group) =>
        group.MapGet("/options", HandleAsync)
            .RequirePermission(AccessPermissions.RequestCreate)
            .WithSummary("What access to an entity can be asked for")
            .WithDescription(
                "resource (entity ref; kind defaults to resource): targets, access types, durations and approvers that the policy has for it; none, "
                + "with the reason, for an entity that is no target of access. 404: unknown entity. 403: not permitted for this entity.");

    private static async Task<AccessOptionsView> HandleAsync(
        HttpContext http, string? resource, IMessageBus bus, AccessTargetReader targets, AccessPolicy policy)
    {
        if (!EntityRef.TryParse(resource, out var entityRef, "resource"))
        {
            throw InputException.For("resource", resource, "an entity reference, [<kind>:][<namespace>/]<name>");
        }

        var document = await bus.InvokeAsync<EntityDocument>(new GetEntity(entityRef.ToString()), http.RequestAborted);
        if (!document.Found)
        {
            throw new NotFoundException($"\"resource\" is not in the catalog: {document.EntityRef}");
        }

        // The entity's first target tells whether it is one at all; the others are those that it also has.
        if (!TryRead(targets, document, null, out var first, out var problem))
        {
            return new(document.EntityRef, null, [], problem);
        }

        await http.AuthorizeAsync(AccessPermissions.RequestCreate, new PermissionResource(first.ResourceRef, first.Owners, first.Environment));
        var found = AccessTargets.All.Select(name => TryRead(targets, document, name, out var target, out _) ? target : null).OfType<AccessTarget>();
        var options = found.SelectMany(target => AccessTargets.AccessTypes.Select(type => OptionOf(policy, target, type))).OfType<AccessOptionView>().ToList();
        return new(document.EntityRef, first.Environment, options, options.Count == 0 ? $"No access policy covers a {first.Target} in {first.Environment}" : null);
    }

    private static bool TryRead(AccessTargetReader targets, EntityDocument document, string? name, out AccessTarget target, out string? problem)
    {
        try
        {
            (target, problem) = (targets.Read(document, name), null);
            return true;
        }
        catch (Exception e) when (e is InputException or NotAllowedException)
        {
            (target, problem) = (null!, e.Message);
            return false;
        }
    }

    private static AccessOptionView? OptionOf(AccessPolicy policy, AccessTarget target, string accessType)
    {
        try
        {
            var terms = policy.TermsFor(target, accessType, null);
            return new(target.Target, accessType, DurationText.Format(terms.Duration), DurationText.Format(terms.Maximum), terms.Approval?.AllOf ?? []);
        }
        catch (NotAllowedException)
        {
            return null;
        }
    }
}
