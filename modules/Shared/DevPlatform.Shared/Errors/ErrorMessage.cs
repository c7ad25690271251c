namespace DevPlatform.Shared.Errors;

/// <summary>
/// What the error body says where no exception carries it: set as a request feature by what only sets a status (authentication, binding).
/// </summary>
/// <param name="Text">For people: what was wrong, what is allowed.</param>
public sealed record ErrorMessage(string Text);
