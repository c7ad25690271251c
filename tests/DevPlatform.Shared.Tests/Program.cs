using DevPlatform.Shared.Tests.Messaging;

// Run by the tests of the outbox as a process of its own.
return await CrashingProcess.MainAsync(args);
