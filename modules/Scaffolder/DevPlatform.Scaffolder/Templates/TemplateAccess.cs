using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;

namespace DevPlatform.Scaffolder.Templates;

/// <summary>
/// What of a template the caller may use (RFC §6.7): pages, properties and steps with permission tags that the caller lacks are left out, as
/// Backstage does.
/// </summary>
internal sealed class TemplateAccess(Template template, Caller caller, IPermissionEvaluator permissions)
{
    public IEnumerable<JsonObject> VisiblePages()
    {
        foreach (var page in template.Pages.Where(p => May(ScaffolderPermissions.TemplateParameterRead, p)))
        {
            var visible = (JsonObject)page.DeepClone();
            if (visible["properties"] is JsonObject properties)
            {
                foreach (var (name, _) in properties.Where(p => !May(ScaffolderPermissions.TemplateParameterRead, p.Value as JsonObject)).ToList())
                {
                    properties.Remove(name);
                    Unrequire(visible, name);
                }
            }

            yield return visible;
        }
    }

    public IEnumerable<JsonObject> VisibleSteps() =>
        (template.Spec["steps"] as JsonArray ?? []).OfType<JsonObject>().Where(s => May(ScaffolderPermissions.TemplateStepRead, s));

    private bool May(Permission permission, JsonObject? node)
    {
        var tags = Template.PermissionTags(node);
        return permissions
            .Evaluate(caller, permission, new PermissionResource(template.EntityRef, template.Owners, Tags: tags)).IsAllowed;
    }

    private static void Unrequire(JsonObject page, string name)
    {
        if (page["required"] is JsonArray required && required.FirstOrDefault(r => r?.ToString() == name) is { } entry)
        {
            required.Remove(entry);
        }
    }
}
