using k8s;
using k8s.Autorest;
using k8s.Models;

namespace DevPlatform.MockTools.Tests.Kubernetes;

public sealed class PodLogTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task A_log_is_read_by_container_and_from_its_end()
    {
        await cluster.Client.CoreV1.CreateNamespacedPodAsync(Pod("two-containers", "service", "proxy"), "default");

        using var log = await cluster.Viewer.CoreV1.ReadNamespacedPodLogAsync("two-containers", "default", container: "service", tailLines: 2);

        using var reader = new StreamReader(log);
        (await reader.ReadToEndAsync()).ShouldBe("second\nthird\n");
    }

    [Theory]
    [InlineData(null, null, "a container name must be specified for pod")]
    [InlineData("other", null, "container other is not valid for pod")]
    [InlineData("service", true, "previous terminated container \"service\"")]
    public async Task What_has_no_log_is_told_as_such(string? container, bool? previous, string problem)
    {
        var pod = await cluster.Client.CoreV1.CreateNamespacedPodAsync(Pod($"without-{Guid.NewGuid():n}"[..20], "service", "proxy"), "default");

        var refused = await Should.ThrowAsync<HttpOperationException>(
            () => cluster.Viewer.CoreV1.ReadNamespacedPodLogAsync(pod.Name(), "default", container: container, previous: previous));

        refused.Response.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        refused.Response.Content.ShouldContain(problem.Replace("\"", "\\\""));
    }

    private static V1Pod Pod(string name, params string[] containers) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, Annotations = new Dictionary<string, string> { ["mock.devplatform.io/log"] = "first\nsecond\nthird" } },
        Spec = new V1PodSpec { Containers = [.. containers.Select(container => new V1Container { Name = container, Image = "image" })] },
    };
}
