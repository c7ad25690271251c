using DevPlatform.Access.Policy;
using DevPlatform.Access.Tests.Support;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Access.Tests.Policy;

public sealed class AccessTargetReaderTests
{
    private readonly AccessTargetReader _reader = Policies.Reader("http://git.example/platform/gitops.git");

    [Fact]
    public void Reads_a_database_of_the_platform()
    {
        var target = _reader.Read(Entities.Database("orders", "production"), null);

        target.ShouldBe(target with
        {
            ResourceRef = "resource:default/orders",
            Target = "database",
            Environment = "production",
            TeleportResource = "db/default-orders",
            VaultRole = "default-orders",
        });
        target.Owners.ShouldBe(["group:default/team-orders"]);
    }

    [Fact]
    public void Says_that_an_entity_is_unknown() =>
        Should.Throw<NotFoundException>(() => _reader.Read(new EntityDocument("resource:default/nothing", false, null, []), null))
            .Message.ShouldContain("resource:default/nothing");

    [Fact]
    public void Refuses_an_entity_that_is_no_target() =>
        Should.Throw<InputException>(() => _reader.Read(Entities.Database("orders", "production", type: "queue"), null))
            .Message.ShouldContain("of type queue");

    [Fact]
    public void Refuses_a_target_that_the_entity_does_not_offer() =>
        Should.Throw<InputException>(() => _reader.Read(Entities.Database("orders", "production"), "ssh")).Message.ShouldBe(
            "\"target\" is not valid: found \"ssh\"; allowed: database");

    [Theory]
    [InlineData("devplatform.io/environment", null)]
    [InlineData("devplatform.io/environment", "prod")]
    [InlineData("devplatform.io/vault-database-role", null)]
    [InlineData("devplatform.io/vault-database-role", "../../sys/leases")]
    [InlineData("devplatform.io/vault-database-role", "..")]
    public void Refuses_an_entity_that_does_not_say_enough(string annotation, string? value) =>
        Should.Throw<InputException>(() => _reader.Read(Entities.Database("orders", "production", change: a => Set(a, annotation, value)), null))
            .Message.ShouldContain(annotation);

    [Theory]
    [InlineData("node/orders")]
    [InlineData("db/")]
    [InlineData("orders")]
    public void Refuses_what_Teleport_cannot_record(string resource) =>
        Should.Throw<InputException>(() => _reader.Read(Entities.Database("orders", "production", change: a => a["devplatform.io/teleport-resource"] = resource), null))
            .Message.ShouldContain("devplatform.io/teleport-resource");

    [Fact]
    public void Refuses_a_server_that_Teleport_does_not_know() =>
        Should.Throw<InputException>(() => _reader.Read(Entities.Database("web1", "staging", type: "server"), null))
            .Message.ShouldContain("devplatform.io/teleport-resource missing");

    [Theory]
    [InlineData("url:http://git.example/platform/gitops/src/branch/main/claims/default/orders/catalog-info.yaml", true)]
    [InlineData("url:http://git.example/platform/gitops.git/main/catalog-info.yaml", true)]
    [InlineData("url:http://git.example/platform/gitops-mine/src/branch/main/catalog-info.yaml", false)]
    [InlineData("url:http://git.example/platform/gitops/../../evil/x/catalog-info.yaml", false)]
    [InlineData("url:http://git.example/platform/gitops/%2e%2e/%2e%2e/evil/x/catalog-info.yaml", false)]
    [InlineData("url:http://git.example@evil.example/platform/gitops/catalog-info.yaml", false)]
    [InlineData("url:http://git.example:81/platform/gitops/catalog-info.yaml", false)]
    [InlineData("url:https://git.example/platform/gitops/catalog-info.yaml", false)]
    [InlineData("file:/etc/catalog-info.yaml", false)]
    [InlineData(null, false)]
    public void Believes_only_entities_from_trusted_repositories(string? source, bool trusted)
    {
        var document = Entities.Database("orders", "development", change: a => Set(a, "backstage.io/managed-by-location", source));

        if (trusted)
        {
            _reader.Read(document, null).Environment.ShouldBe("development");
        }
        else
        {
            Should.Throw<NotAllowedException>(() => _reader.Read(document, null));
        }
    }

    private static void Set(Dictionary<string, string> annotations, string key, string? value)
    {
        annotations.Remove(key);
        if (value is not null)
        {
            annotations[key] = value;
        }
    }
}
