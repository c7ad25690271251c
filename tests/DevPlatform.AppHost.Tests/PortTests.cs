using System.Net;
using System.Net.Sockets;
using DevPlatform.AppHost.Embedded;

namespace DevPlatform.AppHost.Tests;

public sealed class PortTests
{
    [Fact]
    public void A_taken_port_is_named_with_its_resource_and_its_setting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("api", "sh", ".").WithHttpEndpoint(port: port, name: "http");
        var refusal = Should.Throw<DistributedApplicationException>(() => PortAllocator.Allocate(builder.Resources, randomize: false));
        refusal.Message.ShouldBe(
            $"Port {port} (resource api) is taken by another program. Free it, or choose another: Ports__api=<port> in the environment, or --Ports:api=<port>.");
    }

    [Fact]
    public void Random_ports_ignore_the_fixed_ones_and_differ()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        for (var i = 0; i < 20; i++)
        {
            builder.AddExecutable($"r{i}", "sh", ".").WithHttpEndpoint(port: 7007, name: "http");
        }

        PortAllocator.Allocate(builder.Resources, randomize: true);
        var ports = builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()).Select(endpoint => endpoint.AllocatedEndpoint!.Port).ToList();
        ports.Distinct().Count().ShouldBe(20);
        ports.ShouldNotContain(7007);
    }
}
