namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>Templates that several tests use.</summary>
internal static class SampleTemplates
{
    /// <summary>A database template: claim, commit; with <paramref name="rest"/> appended to the steps.</summary>
    public static string Database(string name, string rest = "") =>
        $$$"""
        metadata:
          name: {{{name}}}
          annotations: { devplatform.io/provisions: database, devplatform.io/golden-path: infrastructure, devplatform.io/version: 1.2.3 }
        spec:
          owner: group:default/platform
          type: database
          parameters:
            - title: Database
              required: [name, environment, owner]
              properties:
                name: { type: string }
                environment: { type: string }
                owner: { type: string }
                size: { type: string }
                storage: { type: string }
                replicas: { type: integer }
          steps:
            - id: claim
              name: Write the claim
              action: crossplane:create-claim
              input:
                kind: PostgreSQLInstance
                name: ${{ parameters.name }}
                namespace: team-orders
                environment: ${{ parameters.environment }}
                owner: ${{ parameters.owner }}
                spec: { size: small, storage: 10Gi }
            - id: commit
              name: Commit
              action: gitops:commit
              input:
                targetPath: claims/team-orders/${{ parameters.name }}
                message: Provision database ${{ parameters.name }}
        """ + (rest.Length > 0 ? "\n" + Indent(rest) : "");

    public static string UniqueName(string prefix) => $"{prefix}-{Guid.NewGuid().ToString("N")[..8]}";

    private static string Indent(string yaml) => string.Join('\n', yaml.Split('\n').Select(line => "    " + line));
}
