using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("DevPlatform.Scaffolder.Tests")]
