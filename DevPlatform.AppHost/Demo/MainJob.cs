using System.Text.Json.Nodes;
using Npgsql;

namespace DevPlatform.AppHost.Demo;

/// <summary>
/// The main job (RFC §3.4), walked through the public API alone: sign in → template → commit → Argo CD → claim Ready → catalog Ready, then
/// just-in-time access: request → policy → Teleport → Vault credential → expiry; and a production database that somebody else must approve.
/// </summary>
/// <param name="api">Base URL of DevPlatform.Api.</param>
/// <param name="keycloak">Base URL of Keycloak.</param>
/// <param name="output">Where the steps are printed.</param>
internal sealed class MainJob(Uri api, Uri keycloak, TextWriter output)
{
    /// <summary>How long the access lasts that the walk asks for; the topology's policy allows it so that its end can be watched.</summary>
    public static readonly TimeSpan AccessDuration = TimeSpan.FromSeconds(15);

    private const string Template = "template:default/postgresql-database";
    private readonly StepPrinter _steps = new(output);

    /// <summary>Walks it; true when every step did what it must.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WalkAsync(cancellationToken);
            _steps.Finish(worked: true);
            return true;
        }
        catch (Exception e) when (e is DemoFailedException or HttpRequestException or NpgsqlException or InvalidOperationException)
        {
            _steps.Finish(worked: false);
            return false;
        }
    }

    private async Task WalkAsync(CancellationToken ct)
    {
        // Names are new on every walk, so that it can be repeated on kept data.
        var suffix = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..6];
        var (name, productionName) = ($"demo-{suffix}", $"demo-{suffix}-prod");
        PlatformClient developer = null!, approver = null!, denied = null!, auditor = null!;

        await _steps.StepAsync("Sign in at Keycloak as developer", async () =>
        {
            developer = await PlatformClient.SignInAsync(api, keycloak, "developer", ct);
            var me = await developer.GetAsync("api/identity/me", ct);
            return Text(me["userEntityRef"] ?? me["userRef"]);
        });
        await _steps.StepAsync("See what I may do", async () =>
        {
            var capabilities = await developer.GetAsync("api/identity/capabilities", ct);
            var allowed = Permissions(capabilities).Where(p => p.Allowed).Select(p => p.Name).ToList();
            PlatformClient.Expect(allowed.Contains("scaffolder.task.create"), $"developer may not create tasks: {capabilities.ToJsonString()}");
            PlatformClient.Expect(!allowed.Contains("audit.read"), "developer may read the audit trail");
            return $"{allowed.Count} permissions";
        });
        await _steps.StepAsync("Open the PostgreSQL template", async () =>
        {
            // The example organization is ingested in the background.
            var schema = await developer.PollAsync(
                "api/scaffolder/v2/templates/default/template/postgresql-database/parameter-schema",
                _ => true, TimeSpan.FromMinutes(2), "The template in the catalog", ct);
            return $"\"{Text(schema["title"])}\", {schema["steps"]!.AsArray().Count} pages";
        });
        await _steps.StepAsync("A name that breaks the naming rule is refused", () =>
            developer.RefusedAsync(400, HttpMethod.Post, "api/scaffolder/v2/tasks", TaskFor("Not_A_Name", "development"), ct));
        await _steps.StepAsync("ceiling-denied has the role but not the Azure AD group", async () =>
        {
            denied = await PlatformClient.SignInAsync(api, keycloak, "ceiling-denied", ct);
            return await denied.RefusedAsync(403, HttpMethod.Post, "api/scaffolder/v2/tasks", TaskFor(name, "development"), ct);
        });
        await _steps.StepAsync("Provision a development database", async () =>
        {
            var id = Text((await developer.PostAsync("api/scaffolder/v2/tasks", TaskFor(name, "development"), ct))["id"]);
            return await FollowAsync(developer, id, ct);
        });
        await _steps.StepAsync("It is Ready in the catalog", () => ReadyAsync(developer, name, ct));

        string request = null!;
        var connection = "";
        await _steps.StepAsync("Ask for access to it", async () =>
        {
            var created = await developer.PostAsync("api/access/requests", new JsonObject
            {
                ["resource"] = $"resource:default/{name}",
                ["accessType"] = "read",
                ["duration"] = System.Xml.XmlConvert.ToString(AccessDuration),
                ["justification"] = "Show that access is short-lived",
            }, ct);
            request = Text(created["id"]);
            var active = await developer.PollAsync(
                $"api/access/requests/{request}", r => Text(r["state"]) == "Active", TimeSpan.FromSeconds(30), "Access becomes active", ct);
            return $"Active until {Text(active["expiresAt"])}";
        });
        await _steps.StepAsync("Get the credential, once, and use it", async () =>
        {
            var credential = await developer.PostAsync($"api/access/requests/{request}/credentials", null, ct);
            connection = new NpgsqlConnectionStringBuilder
            {
                Host = Text(credential["host"]),
                Port = credential["port"]!.GetValue<int>(),
                Database = Text(credential["database"]),
                Username = Text(credential["username"]),
                Password = Text(credential["password"]),
                Pooling = false,
            }.ConnectionString;
            await developer.RefusedAsync(409, HttpMethod.Post, $"api/access/requests/{request}/credentials", null, ct);
            return $"connected as {await CurrentUserAsync(connection, ct)}";
        });
        await _steps.StepAsync("It expires, and the login with it", async () =>
        {
            await developer.PollAsync(
                $"api/access/requests/{request}", r => Text(r["state"]) == "Expired", AccessDuration + TimeSpan.FromSeconds(15), "Access expires", ct);
            return await LoginRefusedAsync(connection, ct);
        });

        string production = null!;
        await _steps.StepAsync("Ask for a production database: the task waits for a DBA", async () =>
        {
            production = Text((await developer.PostAsync("api/scaffolder/v2/tasks", TaskFor(productionName, "production"), ct))["id"]);
            await developer.PollAsync(
                $"api/scaffolder/v2/tasks/{production}", t => Text(t["status"]) == "awaiting-approval", TimeSpan.FromSeconds(30), "The task parks", ct);
            return "awaiting-approval";
        });
        await _steps.StepAsync("The requester cannot approve it; dba-approver can", async () =>
        {
            approver = await PlatformClient.SignInAsync(api, keycloak, "dba-approver", ct);
            var approval = await ApprovalOfAsync(approver, production, ct);
            var decision = new JsonObject { ["decision"] = "approve", ["comment"] = "Sized as agreed" };
            var refusal = await developer.RefusedAsync(403, HttpMethod.Post, $"api/access/approvals/{approval}/review", decision.DeepClone(), ct);
            await approver.PostAsync($"api/access/approvals/{approval}/review", decision, ct);
            return refusal;
        });
        await _steps.StepAsync("The task goes on to a Ready production database", async () =>
        {
            await FollowAsync(developer, production, ct);
            return await ReadyAsync(developer, productionName, ct);
        });
        await _steps.StepAsync("The audit trail is whole", async () =>
        {
            auditor = await PlatformClient.SignInAsync(api, keycloak, "auditor", ct);
            var verdict = await auditor.GetAsync("api/identity/audit/verify", ct);
            PlatformClient.Expect(verdict["valid"]!.GetValue<bool>(), $"The chain is broken: {verdict.ToJsonString()}");
            return verdict.ToJsonString();
        });

        foreach (var client in new[] { developer, approver, denied, auditor })
        {
            client.Dispose();
        }
    }

    private static JsonObject TaskFor(string name, string environment) => new()
    {
        ["templateRef"] = Template,
        ["values"] = new JsonObject
        {
            ["name"] = name,
            ["owner"] = "group:default/team-orders",
            ["environment"] = environment,
            ["size"] = "small",
            ["storageGiB"] = 10,
            ["reason"] = "Walk through the main job",
        },
    };

    private async Task<string> FollowAsync(PlatformClient client, string task, CancellationToken ct)
    {
        await foreach (var entry in client.StreamAsync($"api/scaffolder/v2/tasks/{task}/eventstream", ct))
        {
            var message = Text(entry["body"]?["message"]);
            _steps.Detail(message.ReplaceLineEndings(" "));
            if (Text(entry["type"]) == "completion")
            {
                var error = entry["body"]?["error"];
                PlatformClient.Expect(error is null, $"Task {task} failed: {error?.ToJsonString()}");
                return $"task {task}";
            }
        }

        throw new DemoFailedException($"The log of task {task} ended before the task did");
    }

    private static async Task<string> ReadyAsync(PlatformClient client, string name, CancellationToken ct)
    {
        var entity = await client.PollAsync(
            $"api/catalog/entities/by-name/resource/default/{name}",
            e => Text(e["metadata"]?["annotations"]?["devplatform.io/state"]) == "Ready",
            TimeSpan.FromSeconds(30), $"resource:default/{name} becomes Ready", ct);
        return $"resource:default/{name}, owner {Text(entity["spec"]?["owner"])}";
    }

    private static async Task<string> ApprovalOfAsync(PlatformClient approver, string task, CancellationToken ct)
    {
        JsonNode? Find(JsonNode list) =>
            (list as JsonArray ?? list["items"]!.AsArray()).FirstOrDefault(a => Text(a!["subjectId"]) == task);
        var approvals = await approver.PollAsync(
            "api/access/approvals", list => Find(list) is not null, TimeSpan.FromSeconds(30), "The approval in the inbox", ct);
        return Text(Find(approvals)!["id"]);
    }

    private static async Task<string> CurrentUserAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("select current_user || ' in ' || current_database()", connection);
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<string> LoginRefusedAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await CurrentUserAsync(connectionString, ct);
        }
        catch (PostgresException e)
        {
            return e.MessageText;
        }

        throw new DemoFailedException("The credential still works after its access has expired");
    }

    // "conditional" is allowed on some resources; the request for a particular one decides.
    private static IEnumerable<(string Name, bool Allowed)> Permissions(JsonNode capabilities) =>
        capabilities["permissions"]!.AsObject().Select(p => (p.Key, Text(p.Value) is "allow" or "conditional"));

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
