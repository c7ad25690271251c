using System.Net;
using System.Text;
using DevPlatform.Catalog.Tests.Support;
using DevPlatform.Shared.Outbound;

namespace DevPlatform.Catalog.Tests.Hostile;

/// <summary>Sources that attack: each is refused with file, line and reason, and what is beside it is there.</summary>
[Collection(CatalogCollection.Name)]
public sealed class HostileSourceTests(CatalogPlatform platform)
{
    [Theory]
    [InlineData("bomb", "too large once its aliases are expanded")]
    [InlineData("deep", "nested too deeply")]
    [InlineData("big", "is too large; allowed: at most 5000000 bytes")]
    [InlineData("errors", "too many errors; the rest is not read")]
    [InlineData("binary", "host-binary.yaml:1: ")]
    public async Task A_file_that_is_an_attack_is_refused_and_its_neighbour_is_not(string kind, string reason)
    {
        platform.Files.Put($"host/host-{kind}.yaml", kind switch
        {
            "bomb" => "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range('b', 8).Select(c => $"{(char)c}: &{(char)c} [*{(char)(c - 1)},{string.Join(',', Enumerable.Repeat($"*{(char)(c - 1)}", 8))}]\n")),
            "deep" => string.Concat(Enumerable.Repeat("[", 10_000)),
            "big" => Yaml.Component("host-big-itself", "host-team") + "# " + new string('x', 10_000_000),
            "errors" => string.Concat(Enumerable.Repeat("---\nkind: x\n", 20_000)),
            _ => Encoding.Latin1.GetString([.. Enumerable.Range(0, 255).Select(i => (byte)i)]),
        });
        platform.Files.Put($"host/good-{kind}.yaml", Yaml.Component($"host-good-{kind}", "host-team"));
        await platform.RegisterAsync($"host/{kind}.yaml", Yaml.All(Yaml.Location($"host-{kind}", $"./host-{kind}.yaml", $"./good-{kind}.yaml"), Yaml.Group($"host-team-{kind}")));

        (await platform.EntityAsync("component", $"host-good-{kind}")).ShouldNotBeNull();
        (await platform.EntityAsync("component", "host-big-itself")).ShouldBeNull();
        var messages = (await platform.EntityAsync("location", $"host-{kind}"))!.StatusMessages();
        messages.Count.ShouldBeLessThanOrEqualTo(20);
        if (kind != "errors")
        {
            messages.ShouldContain(m => m.Contains($"host-{kind}.yaml", StringComparison.Ordinal) && m.Contains(reason, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/x.yaml")]
    [InlineData("http://localhost:1/x.yaml")]
    [InlineData("http://[::1]:1/x.yaml")]
    [InlineData("http://[::ffff:127.0.0.1]:1/x.yaml")]
    [InlineData("http://[::ffff:7f00:1]:1/x.yaml")]
    [InlineData("http://2130706433:1/x.yaml")]
    [InlineData("http://0x7f000001:1/x.yaml")]
    [InlineData("http://0177.0.0.1:1/x.yaml")]
    [InlineData("http://127.1:1/x.yaml")]
    [InlineData("http://0.0.0.0:1/x.yaml")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.0.0.1/x.yaml")]
    [InlineData("http://192.168.1.1/x.yaml")]
    [InlineData("http://172.31.0.1/x.yaml")]
    [InlineData("http://100.64.0.1/x.yaml")]
    [InlineData("http://[fd00::1]/x.yaml")]
    [InlineData("http://[fe80::1]/x.yaml")]
    [InlineData("http://[64:ff9b::7f00:1]/x.yaml")]
    [InlineData("http://[2002:7f00:1::]/x.yaml")]
    [InlineData("http://127.0.0.1:1/org/repo/src/branch/main/catalog-info.yaml")]
    [InlineData("http://127.0.0.1:1/org/repo.git/catalog-info.yaml")]
    [InlineData("http://169.254.169.254/org/repo/blob/main/catalog-info.yaml")]
    public async Task No_private_network_is_reached_from_a_location_a_target_or_a_placeholder(string url)
    {
        foreach (var (path, body) in new (string, object)[]
        {
            ("locations", new { type = "url", target = url }),
            ("locations?dryRun=true", new { type = "url", target = url }),
            ("locations", new { type = "url", target = platform.Files.Url("redirect?to=" + Uri.EscapeDataString(url)) }),
        })
        {
            var (status, answer) = await platform.PostAsync(path, body);
            status.ShouldBe(400, $"{path}: {answer?.ToJsonString()}");
            answer!["error"]!["message"]!.GetValue<string>().ShouldContain("private network");
        }

        var name = $"ssrf-{Math.Abs(url.GetHashCode(StringComparison.Ordinal))}";
        await platform.RegisterAsync($"ssrf/{name}.yaml", Yaml.Location(name, $"\"{url}\""));
        (await platform.EntityAsync("location", name))!.StatusMessages().ShouldHaveSingleItem().ShouldContain("private network");
        var (refused, reason) = await platform.PostAsync("locations", new
        {
            type = "url",
            target = platform.Files.Put($"ssrf/{name}-text.yaml", Yaml.Component($"{name}-text", "ssrf-team", $"  secret: {{ $text: \"{url}\" }}\n")),
        });
        refused.ShouldBe(400, reason?.ToJsonString());
        reason!["error"]!["message"]!.GetValue<string>().ShouldContain("private network");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/org/repo/tree/main/")]
    [InlineData("http://169.254.169.254/org/repo/tree/main/")]
    public async Task Nor_from_the_analysis_of_a_location(string target)
    {
        var (status, body) = await platform.PostAsync("analyze-location", new { location = new { type = "url", target } });
        status.ShouldBe(400);
        body!["error"]!["message"]!.GetValue<string>().ShouldContain("private network");
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/x")]
    [InlineData("gopher://127.0.0.1:6379/_x")]
    [InlineData("ssh://git@example.org/o/r.git/catalog-info.yaml")]
    [InlineData("//127.0.0.1/x")]
    [InlineData("/etc/passwd")]
    [InlineData("http://user:password@127.0.0.1:1/o/r/src/branch/main/x.yaml")]
    public async Task Other_schemes_and_paths_are_no_locations(string target) =>
        (await platform.PostAsync("locations", new { type = "url", target })).Status.ShouldBe(400);

    [Fact]
    public async Task What_is_beside_a_refused_target_is_still_followed()
    {
        platform.Files.Put("beside/good.yaml", Yaml.Component("beside-good", "beside-team"));
        await platform.RegisterAsync("beside/all.yaml", Yaml.All(Yaml.Location("beside-all", "http://10.0.0.1/x.yaml", "./good.yaml"), Yaml.Group("beside-team")));
        platform.Files.Put("beside/good.yaml", Yaml.Component("beside-good", "beside-team", metadata: "  description: newer\n"));
        await Eventually.HoldsAsync(async () => (await platform.EntityAsync("component", "beside-good"))!["metadata"]!["description"]?.ToString() == "newer", "the change", 60);
    }

    [Theory]
    [InlineData("8.8.8.8", false)]
    [InlineData("2606:4700::1111", false)]
    [InlineData("2002:7f00:1::", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("198.18.0.1", true)]
    public void Addresses_that_are_not_the_internet_are_known(string address, bool isPrivate) => PrivateNetwork.Contains(IPAddress.Parse(address)).ShouldBe(isPrivate);

    [Fact]
    public async Task A_server_that_never_finishes_is_given_up()
    {
        platform.Files.Put("slow/good.yaml", Yaml.Component("slow-good", "slow-team"));
        var id = await platform.RegisterAsync("slow/all.yaml", Yaml.All(Yaml.Location("slow-all", platform.Files.Url("drip"), "./good.yaml"), Yaml.Group("slow-team")));
        (await platform.EntityAsync("component", "slow-good")).ShouldNotBeNull();
        (await platform.EntityAsync("location", "slow-all"))!.StatusMessages().ShouldHaveSingleItem().ShouldContain("did not answer within 5 s");
        (await platform.Admin.DeleteAsync($"/api/catalog/locations/{id}")).EnsureSuccessStatusCode();
    }
}
