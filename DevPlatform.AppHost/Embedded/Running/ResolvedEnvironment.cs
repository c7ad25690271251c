using System.Text.RegularExpressions;

namespace DevPlatform.AppHost.Embedded;

/// <summary>The variables and arguments of one resource, with every reference resolved, and which of them are secret.</summary>
internal sealed partial class ResolvedEnvironment
{
    private const string Mask = "********";

    private ResolvedEnvironment(Dictionary<string, string> variables, List<string> arguments, HashSet<string> secrets)
    {
        Variables = variables;
        Arguments = arguments;
        Secrets = secrets;
    }

    public IReadOnlyDictionary<string, string> Variables { get; }

    public IReadOnlyList<string> Arguments { get; }

    private HashSet<string> Secrets { get; }

    public static async Task<ResolvedEnvironment> ResolveAsync(
        IResource resource, DistributedApplicationExecutionContext execution, IEnumerable<ParameterResource> parameters, CancellationToken cancellationToken)
    {
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in parameters.Where(parameter => parameter.Secret))
        {
            secrets.Add((await parameter.GetValueAsync(cancellationToken))!);
        }

        var environment = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.PortVariable is not null))
        {
            environment.EnvironmentVariables[endpoint.PortVariable!] = $"{endpoint.TargetPort}";
        }

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
        {
            await annotation.Callback(environment);
        }

        var arguments = new CommandLineArgsCallbackContext([], resource, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
        {
            await annotation.Callback(arguments);
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in environment.EnvironmentVariables)
        {
            variables[name] = await TextAsync(value, cancellationToken);
        }

        var texts = new List<string>();
        foreach (var argument in arguments.Args)
        {
            texts.Add(await TextAsync(argument, cancellationToken));
        }

        return new(variables, texts, secrets);
    }

    /// <summary>What may be shown of a variable: a secret's value, wherever it stands, is hidden.</summary>
    public string Masked(string name)
    {
        var value = Variables[name];
        var hidden = Secrets.Where(secret => secret.Length > 0).OrderByDescending(secret => secret.Length)
            .Aggregate(value, (text, secret) => text.Replace(secret, Mask));
        return SecretName().IsMatch(name) && !Uri.IsWellFormedUriString(value, UriKind.Absolute) && !Path.IsPathRooted(value) ? Mask : hidden;
    }

    private static async Task<string> TextAsync(object value, CancellationToken cancellationToken) =>
        value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) ?? "" : $"{value}";

    [GeneratedRegex("(PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();
}
