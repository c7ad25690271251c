using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Kubernetes.Api;

/// <summary>Bearer tokens, the two roles, and the reviews through which clients ask about both.</summary>
internal sealed class Users(KubernetesOptions options)
{
    private static readonly string[] Reading = ["get", "list", "watch"];

    /// <summary>The caller's name.</summary>
    /// <exception cref="KubernetesException">401.</exception>
    public string Authenticate(HttpRequest request) =>
        Find(request.Headers.Authorization.ToString() is ['B' or 'b', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] ? token.Trim() : "")
        ?? throw new KubernetesException(401, "Unauthorized", "Unauthorized");

    /// <exception cref="KubernetesException">403 when the caller's role does not allow it.</exception>
    public void Authorize(string user, string verb, RequestTarget target)
    {
        if (Allows(user, verb, target.Type.Group, target.Type.Plural))
        {
            return;
        }

        var name = target.Name is null ? "" : $" \"{target.Name}\"";
        var where = target.Namespace.Length > 0 ? $" in the namespace \"{target.Namespace}\"" : " at the cluster scope";
        throw new KubernetesException(
            403,
            "Forbidden",
            $"{target.Type.Resource}{name} is forbidden: User \"{user}\" cannot {verb} resource \"{target.Type.Plural}\" in API group \"{target.Type.Group}\"{where}",
            KubernetesException.Details(target.Type, target.Name ?? ""));
    }

    /// <summary>Answers <c>TokenReview</c>, <c>SelfSubjectAccessReview</c> and <c>SubjectAccessReview</c>; null for other kinds.</summary>
    public JsonObject? Review(string user, string resource, JsonObject body)
    {
        var answer = body.Copy();
        answer["metadata"] ??= new JsonObject();
        answer["status"] = resource switch
        {
            "tokenreviews" => TokenStatus(body),
            "selfsubjectaccessreviews" => AccessStatus(user, body),
            "subjectaccessreviews" => AccessStatus(body.Text("spec", "user") ?? "", body),
            _ => null,
        };
        return answer["status"] is null ? null : answer;
    }

    private string? Find(string token)
    {
        var bytes = Encoding.UTF8.GetBytes(token);
        return token.Length == 0 ? null : options.Tokens.FirstOrDefault(t => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(t.Value), bytes)).Key;
    }

    private bool Allows(string user, string verb, string group, string resource) =>
        options.Roles.GetValueOrDefault(user, "cluster-admin") == "cluster-admin"
            ? options.Tokens.ContainsKey(user)
            : Reading.Contains(verb) && !(group.Length == 0 && resource == "secrets");

    private JsonObject TokenStatus(JsonObject review)
    {
        if (Find(review.Text("spec", "token") ?? "") is not { } user)
        {
            return new JsonObject { ["user"] = new JsonObject(), ["error"] = "[invalid bearer token, token lookup failed]" };
        }

        return new JsonObject
        {
            ["authenticated"] = true,
            ["user"] = new JsonObject { ["username"] = user, ["uid"] = user, ["groups"] = new JsonArray("system:authenticated") },
            ["audiences"] = review.At("spec", "audiences")?.DeepClone() ?? new JsonArray("https://kubernetes.default.svc"),
        };
    }

    private JsonObject AccessStatus(string user, JsonObject review)
    {
        var attributes = review.At("spec", "resourceAttributes");
        var allowed = attributes is null
            || Allows(user, attributes.Text("verb") ?? "", attributes.Text("group") ?? "", attributes.Text("resource") ?? "");
        var reason = allowed ? $"RBAC: allowed by ClusterRoleBinding \"{user}\"" : "";
        return new JsonObject { ["allowed"] = allowed, ["reason"] = reason };
    }
}
