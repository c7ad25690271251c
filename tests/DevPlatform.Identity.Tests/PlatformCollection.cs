using DevPlatform.TestKit;

namespace DevPlatform.Identity.Tests;

[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<PlatformApi>
{
    public const string Name = "platform";
}
