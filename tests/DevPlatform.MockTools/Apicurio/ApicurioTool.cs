using DevPlatform.MockTools.Hosting;

namespace DevPlatform.MockTools.Apicurio;

/// <summary>A schema registry with the part of Apicurio Registry's API v3 that registers, checks and reads schemas. It remembers while it runs.</summary>
internal sealed class ApicurioTool : IMockTool
{
    public void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton<SchemaStore>();

    public void Map(WebApplication app) => app.Services.GetRequiredService<SchemaStore>().Map(app.MapGroup("/apis/registry/v3"));
}
