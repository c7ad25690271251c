using CsCheck;
using DevPlatform.Integrations.Kubernetes;

namespace DevPlatform.Integrations.Tests.Kubernetes;

public sealed class LabelSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "shop", ["tier"] = "web", ["app.kubernetes.io/part-of"] = "shop" };

    [Theory]
    [InlineData("app=shop", true)]
    [InlineData("app==shop", true)]
    [InlineData("app = shop , tier=web", true)]
    [InlineData("app=shop,tier=api", false)]
    [InlineData("app!=shop", false)]
    [InlineData("other!=shop", true)]
    [InlineData("app in (basket, shop)", true)]
    [InlineData("app in (basket)", false)]
    [InlineData("other in (basket)", false)]
    [InlineData("app notin (basket)", true)]
    [InlineData("other notin (basket)", true)]
    [InlineData("tier,!canary", true)]
    [InlineData("!tier", false)]
    [InlineData("app.kubernetes.io/part-of=shop", true)]
    [InlineData("app=SHOP", false)]
    public void Matches_as_Kubernetes_does(string selector, bool matches) => LabelSelector.Parse(selector)!.Matches(Labels.GetValueOrDefault).ShouldBe(matches);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(",")]
    [InlineData("app=shop,")]
    [InlineData("app in (")]
    [InlineData("app in basket")]
    [InlineData("!app=shop")]
    [InlineData("app=a b")]
    [InlineData("=shop")]
    [InlineData("app>1")]
    public void Selects_nothing_by_what_it_does_not_understand(string selector) => LabelSelector.Parse(selector).ShouldBeNull();

    [Fact]
    public void Never_fails() =>
        Gen.Char["abc=!,() notin/.-\n"].Array[0, 30].Select(chars => new string(chars)).Sample(text => LabelSelector.Parse(text)?.Matches(Labels.GetValueOrDefault) != null || true, iter: 10_000);
}
