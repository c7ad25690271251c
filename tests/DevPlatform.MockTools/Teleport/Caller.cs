using System.Text;
using Grpc.Core;

namespace DevPlatform.MockTools.Teleport;

/// <summary>Who calls, as the client certificate says.</summary>
internal sealed record Caller(string User, string[] Roles, string[] AccessRequests)
{
    /// <summary>The certificate extension that lists the access requests in use (an arc below Teleport's 1.3.9999; no client reads it).</summary>
    public const string ActiveRequests = "1.3.9999.2.8";

    private const string Organization = "2.5.4.10";
    private const string CommonName = "2.5.4.3";

    public static Caller Of(ServerCallContext context)
    {
        var certificate = context.GetHttpContext().Connection.ClientCertificate
            ?? throw new RpcException(new Status(StatusCode.Unauthenticated, "client certificate required"));
        var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames().Where(n => !n.HasMultipleElements)
            .ToLookup(n => n.GetSingleElementType().Value, n => n.GetSingleElementValue() ?? "");
        var active = certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == ActiveRequests) is { } extension
            ? Encoding.UTF8.GetString(extension.RawData).Split(',') : [];
        return new Caller(names[CommonName].First(), [.. names[Organization]], active);
    }
}
