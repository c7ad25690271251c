using DevPlatform.Scaffolder.Guardrails;

namespace DevPlatform.Scaffolder.Tests.Guardrails;

public sealed class ExposureRulesTests
{
    [Theory]
    [InlineData("kind: Ingress\nmetadata: { name: x }\n")]
    [InlineData("kind: HTTPRoute\n")]
    [InlineData("kind: Service\nspec: { type: LoadBalancer }\n")]
    [InlineData("kind: ConfigMap\n---\nkind: Service\nspec: { type: NodePort }\n")]
    public void A_manifest_that_is_reachable_from_outside(string yaml) => Find(("k8s/x.yaml", yaml)).ShouldBe([ExposureRules.PublicIngress]);

    [Theory]
    [InlineData("kind: NetworkPolicy\nspec: { ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: team-b } } }] }] }\n")]
    [InlineData("kind: NetworkPolicy\nspec: { ingress: [{ from: [{ namespaceSelector: {} }] }] }\n")]
    [InlineData("kind: RoleBinding\nmetadata: { namespace: team-a }\nsubjects: [{ kind: ServiceAccount, name: x, namespace: team-b }]\n")]
    [InlineData("kind: ReferenceGrant\n")]
    public void A_manifest_that_lets_other_namespaces_in(string yaml) => Find(("x.yaml", yaml)).ShouldBe([ExposureRules.CrossNamespace]);

    [Theory]
    [InlineData("kind: Service\nspec: { type: ClusterIP }\n")]
    [InlineData("kind: NetworkPolicy\nspec: { ingress: [{ from: [{ podSelector: {} }, { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }] }] }\n")]
    [InlineData("kind: RoleBinding\nmetadata: { namespace: team-a }\nsubjects: [{ kind: ServiceAccount, name: x, namespace: team-a }]\n")]
    [InlineData("not: [yaml")]
    [InlineData("{{ key }}: value\n")]
    public void A_manifest_that_opens_nothing(string yaml) => Find(("x.yaml", yaml)).ShouldBeEmpty();

    [Theory]
    [InlineData("ingress: { host: '' }\nallowedNamespaces: []\n", "")]
    [InlineData("ingress: { enabled: false, host: a.example.com }\n", "")]
    [InlineData("ingress: { host: a.example.com }\n", ExposureRules.PublicIngress)]
    [InlineData("ingress: { enabled: true }\n", ExposureRules.PublicIngress)]
    [InlineData("ingress: { hosts: [a] }\n", ExposureRules.PublicIngress)]
    [InlineData("service: { type: LoadBalancer }\n", ExposureRules.PublicIngress)]
    [InlineData("allowedNamespaces: [team-b]\n", ExposureRules.CrossNamespace)]
    public void A_chart_by_its_values(string values, string expected) =>
        string.Join(',', Find(
            ("chart/Chart.yaml", "name: x\n"), ("chart/values.yaml", values), ("chart/templates/ingress.yaml", "{{- if .Values.ingress.host }}\nkind: Ingress\n{{- end }}\n"))).ShouldBe(expected);

    [Fact]
    public void A_chart_whose_ingress_no_value_turns_off() =>
        Find(("Chart.yaml", "name: x\n"), ("values.yaml", "a: 1\n"), ("templates/ingress.yaml", "kind: Ingress\nmetadata: { name: {{ .Release.Name }} }\n")).ShouldBe([ExposureRules.PublicIngress]);

    private static IEnumerable<string> Find(params (string Path, string Text)[] files) =>
        ExposureRules.Find(new GuardrailOptions(), files.ToDictionary(f => f.Path, f => f.Text)).Select(e => e.Rule);
}
