using DevPlatform.Integrations.Tools;
using Microsoft.Extensions.Configuration;

namespace DevPlatform.Integrations.Tests.Tools;

public class ToolLibrarySetupTests
{
    [Fact]
    public void Ships_the_tools_of_the_reference_table_and_they_are_valid()
    {
        var (options, setup) = Complete(new ToolLibraryOptions());

        setup.Validate(null, options).Failed.ShouldBeFalse();
        options.Library.Select(t => t.Id).ShouldBe(
            ["argocd", "kargo", "tekton", "grafana", "prometheus", "alertmanager", "loki", "tempo", "signoz", "pgadmin", "everest", "kafka-ui",
             "apicurio", "harbor", "verdaccio", "vault", "teleport", "ceph", "kubecost", "uptime-kuma", "oneuptime", "temporal"]);
    }

    [Fact]
    public void Takes_a_url_from_configuration_before_service_discovery()
    {
        var (options, _) = Complete(
            new ToolLibraryOptions { Urls = { ["vault"] = new Uri("https://vault.example") } },
            ("services:vault:http:0", "http://localhost:8200"),
            ("services:argocd:http:0", "http://localhost:8081"));

        Url(options, "vault").ShouldBe(new Uri("https://vault.example"));
        Url(options, "argocd").ShouldBe(new Uri("http://localhost:8081"));
        Url(options, "grafana").ShouldBeNull();
    }

    [Fact]
    public void A_configured_tool_replaces_the_shipped_one()
    {
        var (options, _) = Complete(new ToolLibraryOptions { Library = { new ToolDefinition { Id = "grafana", Name = "Our Grafana" } } });

        options.Library.Single(t => t.Id == "grafana").Name.ShouldBe("Our Grafana");
    }

    [Theory]
    [InlineData("Grafana!", "/x", null, "\"Grafana!\" is not valid")]
    [InlineData("grafana", "/{uid}", null, "uses {uid}, which Parameters lacks")]
    [InlineData("grafana", "/{uid}", "anotation:x", "\"anotation:x\" is not valid")]
    [InlineData("grafana", "/{uid", "annotation", "\"annotation\" is not valid")]
    public void Refuses_what_could_not_work(string id, string template, string? source, string expected)
    {
        var link = new ToolLinkTemplate { Template = template };
        if (source is not null)
        {
            link.Parameters["uid"] = [source];
        }

        var (options, setup) = Complete(new ToolLibraryOptions { Library = { new ToolDefinition { Id = id, Links = { link } } } });

        var result = setup.Validate(null, options);
        result.Failed.ShouldBeTrue();
        result.FailureMessage.ShouldContain(expected);
    }

    private static Uri? Url(ToolLibraryOptions options, string id) => options.Library.Single(t => t.Id == id).Url;

    private static (ToolLibraryOptions Options, ToolLibrarySetup Setup) Complete(ToolLibraryOptions options, params (string Key, string Value)[] configuration)
    {
        var setup = new ToolLibrarySetup(
            new ConfigurationBuilder().AddInMemoryCollection(configuration.ToDictionary(c => c.Key, c => (string?)c.Value)).Build());
        setup.PostConfigure(null, options);
        return (options, setup);
    }
}
