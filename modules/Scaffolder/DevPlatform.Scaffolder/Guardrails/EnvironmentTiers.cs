using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.Scaffolder.JsonSchemas;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>Environment rules: what a tier fills in and what it allows (RFC §9.2).</summary>
internal static partial class EnvironmentTiers
{
    public const string Production = "production";

    public static string? Normalize(string? environment) => environment?.ToLowerInvariant() switch
    {
        "dev" or "development" => "development",
        "stage" or "stg" or "staging" => "staging",
        "prod" or "production" => Production,
        _ => null,
    };

    public static IEnumerable<ValidationError> Check(GuardrailOptions options, ProvisioningRequest request)
    {
        if (request.Environment is null || !options.Tiers.TryGetValue(request.Environment, out var tier))
        {
            yield return Error(request, "environment", request.FoundEnvironment, $"one of {string.Join(", ", options.Tiers.Keys)}");
            yield break;
        }

        if (request.Size is { } size && tier.Sizes is { } sizes && !Split(sizes).Contains(size, StringComparer.OrdinalIgnoreCase))
        {
            yield return Error(request, "size", size, $"{sizes} in {request.Environment}");
        }

        if (request.Replicas is { } replicas && (replicas < tier.Replicas || replicas > tier.MaxReplicas))
        {
            yield return Error(request, "replicas", replicas.ToString(CultureInfo.InvariantCulture),
                $"{tier.Replicas}{(tier.MaxReplicas is null ? " or more" : tier.MaxReplicas == tier.Replicas ? "" : $" to {tier.MaxReplicas}")} in {request.Environment}");
        }

        if (request.Storage is { } storage)
        {
            var bytes = ParseQuantity(storage);
            if (bytes is null)
            {
                yield return Error(request, "storage", storage, "a quantity such as 20Gi, or a number of GiB");
            }
            else if (tier.MaxStorage is { } max && bytes > ParseQuantity(max))
            {
                yield return Error(request, "storage", storage, $"at most {max} in {request.Environment}");
            }
        }

        if (request.Backup is { } backup && tier.Backup == "continuous" && backup != tier.Backup)
        {
            yield return Error(request, "backup", backup, $"{tier.Backup} in {request.Environment}");
        }
    }

    /// <summary>Adds what the tier gives and the claim does not say: the environment, and of replicas and backup those that are named (null: both).</summary>
    public static void FillIn(GuardrailOptions options, string environment, JsonObject spec, IReadOnlyCollection<string>? which = null)
    {
        var tier = options.Tiers[environment];
        spec["environment"] ??= environment;
        if (which is null || which.Contains("replicas"))
        {
            spec["replicas"] ??= tier.Replicas;
        }

        if (which is null || which.Contains("backup"))
        {
            spec["backup"] ??= tier.Backup;
        }
    }

    public static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static ValidationError Error(ProvisioningRequest request, string role, string? found, string allowed, string name = "tier") => new()
    {
        Path = [request.ParameterOf(role)],
        Field = $"values.{request.ParameterOf(role)}",
        Name = name,
        Instance = found is null ? null : JsonValue.Create(found),
        Allowed = allowed,
        Message = $"is not allowed: found {(found is null ? "nothing" : $"\"{found}\"")}; allowed: {allowed}",
    };

    /// <summary>Bytes of a Kubernetes quantity, or of a number of GiB; null for anything else.</summary>
    public static decimal? ParseQuantity(string? text)
    {
        var match = Quantity().Match(text ?? "");
        if (!match.Success || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return number * match.Groups["unit"].Value switch
        {
            "Ki" => 1L << 10,
            "Mi" => 1L << 20,
            "Gi" => 1L << 30,
            "Ti" => 1L << 40,
            "k" => 1_000L,
            "M" => 1_000_000L,
            "G" => 1_000_000_000L,
            "T" => 1_000_000_000_000L,
            // A form asks for "Storage in GiB".
            _ => 1L << 30,
        };
    }

    [GeneratedRegex(@"^(?<number>\d{1,15}(\.\d{1,3})?)(?<unit>Ki|Mi|Gi|Ti|k|M|G|T)?$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quantity();
}
