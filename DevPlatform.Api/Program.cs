using DevPlatform.Api.Hosting;

return await PlatformHost.RunAsync(args);
