using DevPlatform.Scaffolder.Guardrails;

namespace DevPlatform.Scaffolder.Tests.Guardrails;

public sealed class SecretScannerTests
{
    [Theory]
    [InlineData("const key = 'q8Zt3LmVx0Rk7WcJ2yBn';")]
    [InlineData("setting: \"Zk3vQ9xLw2Rt8Yb5Nc7MpA1sD4f\"")]
    [InlineData("SETTING=7Hq2Xv9Lk4Rt6Wz8Yb3Nc5Mp1Sd0")]
    [InlineData("value: wJalrXUtnFEMI/K7MDENG/bPxRfiCY9zB4Lk3Qa\r")]
    public void Finds_literals_as_random_as_secrets(string text) =>
        SecretScanner.Find("src/app.txt", text).ShouldHaveSingleItem().What.ShouldBe("a literal that is as random as a secret");

    [Fact]
    public void Finds_each_of_many()
    {
        var text = "a: q8Zt3LmVx0Rk7WcJ2yBn\nb: AKIAABCDEFGHIJKLMNOP\nc: glpat-0123456789abcdefghij\nd: AIzaSyA0123456789abcdefghijklmnopqrstuv\n";

        SecretScanner.Find("x", text).Select(f => f.What).ShouldBe(
            ["an AWS access key", "a GitLab token", "a Google API key", "a literal that is as random as a secret"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("class: \"MyVeryLongServiceNameFactory2024\"")]
    [InlineData("uses: actions/checkout@b4ffde65f46336ab88eb53be808477a3936bae11")]
    [InlineData("image: postgres@sha256:1d8f6c6a8d0f0c4c8d6a1b8e7c6e4a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f")]
    [InlineData("\"integrity\": \"sha512-Zk3vQ9xLw2Rt8Yb5Nc7MpA1sD4fZk3vQ9xLw2Rt8Yb5Nc7MpA1sD4f==\"")]
    [InlineData("checksum: 'Zk3vQ9xLw2Rt8Yb5Nc7MpA1sD4f'")]
    [InlineData("id: 3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("path: /api/v1/namespaces/team-orders/deployments")]
    [InlineData("key: ${{ secrets.API_KEY_OF_THE_SERVICE_2 }}")]
    [InlineData("description = \"Readiness and liveness of HTTP2 services\"")]
    [InlineData("serialVersionUID = 1234567890123456789L")]
    [InlineData("alphabet = \"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\"")]
    public void Lets_pass_what_is_no_secret(string text) => SecretScanner.Find("src/app.txt", text).ShouldBeEmpty();

    [Fact]
    public void Hashes_of_lock_files_are_no_secrets_but_tokens_in_them_are()
    {
        SecretScanner.Find("web/package-lock.json", "\"x\": \"Zk3vQ9xLw2Rt8Yb5Nc7MpA1sD4f\"").ShouldBeEmpty();
        SecretScanner.Find("web/package-lock.json", "\"x\": \"ghp_0123456789abcdefghijABCDEFGHIJ012345\"").ShouldNotBeEmpty();
    }
}
