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

    /// <summary>
    /// A catalog of one group and one template, <c>template:default/provision</c>: a database whose steps also use a secret in every way that a template
    /// can, and that take some time.
    /// </summary>
    public static string Provisioning =>
        """
        apiVersion: backstage.io/v1alpha1
        kind: Group
        metadata: { name: team-kills }
        spec: { type: team, children: [] }
        ---
        apiVersion: scaffolder.backstage.io/v1beta3
        kind: Template

        """ + Database(
            "provision",
            """
            - { id: settle, action: "debug:wait", input: { milliseconds: 300 } }
            - { id: done, action: "debug:log", input: { message: "committed ${{ steps.commit.output.commitHash }}", listWorkspace: with-contents } }
            """).Replace("group:default/platform", "group:default/team-kills", StringComparison.Ordinal).Replace(
            "  steps:\n",
            """
              steps:
                - { id: fetch, action: "fetch:template", input: { url: ../database/skeleton, targetPath: scratch, values: { name: "${{ parameters.name }}", owner: "${{ secrets.pass }}" } } }
                - { id: leak, action: "debug:log", input: { message: "the secret is ${{ secrets.pass }}", listWorkspace: with-contents } }
                - { id: keep, action: "catalog:write", input: { filePath: scratch/secret.yaml, entity: { kind: Secret, value: "${{ secrets.pass }}" } } }
                - { id: pause, action: "debug:wait", input: { milliseconds: 700 } }
                - { id: list, action: "fs:readdir", input: { paths: [scratch], recursive: true } }
                - { id: forget, action: "fs:delete", input: { files: [scratch] } }

            """, StringComparison.Ordinal);

    public static string UniqueName(string prefix) => $"{prefix}-{Guid.NewGuid().ToString("N")[..8]}";

    private static string Indent(string yaml) => string.Join('\n', yaml.Split('\n').Select(line => "    " + line));
}
