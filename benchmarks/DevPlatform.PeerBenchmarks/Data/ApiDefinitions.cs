using System.Text;

namespace DevPlatform.PeerBenchmarks.Data;

/// <summary>Texts for <c>spec.definition</c> of APIs, of the size that small real ones have.</summary>
internal static class ApiDefinitions
{
    public static string Of(string type, string name, int operations) => type switch
    {
        "openapi" => OpenApi(name, operations),
        "grpc" => $"syntax = \"proto3\";\npackage {name.Replace('-', '_')};\nservice Items {{ rpc Get (GetRequest) returns (Item); }}\n"
            + "message GetRequest { string id = 1; }\nmessage Item { string id = 1; string name = 2; }\n",
        "graphql" => "type Query {\n  item(id: ID!): Item\n}\ntype Item {\n  id: ID!\n  name: String\n}\n",
        _ => $"asyncapi: 3.0.0\ninfo:\n  title: {name}\n  version: 1.0.0\nchannels:\n  items:\n    address: {name}\n",
    };

    private static string OpenApi(string name, int operations)
    {
        var text = new StringBuilder($"openapi: 3.0.0\ninfo:\n  title: {name}\n  version: 1.0.0\npaths:\n");
        for (var i = 0; i < operations; i++)
        {
            text.Append($"  /v1/items{i}/{{id}}:\n    get:\n      operationId: getItem{i}\n      parameters:\n        - name: id\n          in: path\n")
                .Append("          required: true\n          schema: { type: string }\n      responses:\n        '200': { description: OK }\n");
        }

        return text.ToString();
    }
}
