namespace DevPlatform.AppHost.Embedded;

/// <summary>Marks a resource that ends when its work is done, and that nothing waits for: neither other resources nor the start table.</summary>
internal sealed class SideJobAnnotation : IResourceAnnotation;
