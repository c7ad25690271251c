using DevPlatform.AppHost.Demo;
using Xunit.Abstractions;

namespace DevPlatform.TopologyTests;

[Collection(TopologyCollection.Name)]
public sealed class MainJobTests(Topology topology, ITestOutputHelper output)
{
    [Fact]
    public async Task The_main_job_works_from_sign_in_to_the_end_of_access()
    {
        await using var log = new StringWriter();

        var worked = await new MainJob(topology.Api, topology.Keycloak, log).RunAsync(CancellationToken.None);

        output.WriteLine(log.ToString());
        worked.ShouldBeTrue(log.ToString());
    }
}
