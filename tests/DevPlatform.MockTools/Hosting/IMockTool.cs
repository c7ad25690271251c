namespace DevPlatform.MockTools.Hosting;

/// <summary>One tool of the miniature platform: a small faithful server with its own state, credentials and error shapes.</summary>
public interface IMockTool
{
    /// <summary>Where <c>MockToolHost.StartAsync</c> makes the tool listen: free loopback ports. The first is the tool's own.</summary>
    string LoopbackUrls => "http://127.0.0.1:0";

    /// <summary>Adds the tool's services and, where it must listen in its own way (mTLS), configures Kestrel.</summary>
    void Configure(WebApplicationBuilder builder);

    /// <summary>Maps the tool's endpoints; <c>/health</c> and <c>/__faults</c> are already there.</summary>
    void Map(WebApplication app);
}
