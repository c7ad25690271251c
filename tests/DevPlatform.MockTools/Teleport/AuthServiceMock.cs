using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DevPlatform.Access.Teleport.Protos;
using DevPlatform.MockTools.Teleport.Pki;
using DevPlatform.MockTools.Teleport.State;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace DevPlatform.MockTools.Teleport;

/// <summary><c>proto.AuthService</c>: ping, certificates, watching. The other parts of the class have requests and the audit log.</summary>
internal sealed partial class AuthServiceMock(TeleportStore store, Roles roles, CertificateAuthority authority, TeleportSettings settings,
    TimeProvider time) : AuthService.AuthServiceBase
{
    private static readonly TimeSpan LongestCertificate = TimeSpan.FromHours(30);

    public override Task<PingResponse> Ping(PingRequest request, ServerCallContext context)
    {
        _ = Caller.Of(context);
        return Task.FromResult(new PingResponse { ClusterName = settings.Cluster, ServerVersion = "18.0.0", RemoteAddr = context.Peer });
    }

    public override async Task WatchEvents(Watch request, IServerStreamWriter<Event> responseStream, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var wanted = request.Kinds.Where(k => k.Kind == "access_request").ToArray();
        if (wanted.Length == 0 || (wanted.Length < request.Kinds.Count && !request.AllowPartialSuccess))
        {
            throw BadParameter($"cannot watch {string.Join(", ", request.Kinds.Select(k => $"\"{k.Kind}\""))}; allowed here: \"access_request\"");
        }

        if (!roles.May(caller, "read", "access_request"))
        {
            throw Denied("access denied");
        }

        var (id, changes) = store.Watch();
        try
        {
            await responseStream.WriteAsync(new Event { Type = Operation.Init }, context.CancellationToken);
            await foreach (var change in changes.ReadAllAsync(context.CancellationToken))
            {
                if (change.Type == Operation.Delete || wanted.Any(k => Matches(change.AccessRequest, k.Filter)))
                {
                    await responseStream.WriteAsync(change, context.CancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client hung up.
        }
        finally
        {
            store.Unwatch(id);
        }
    }

    public override Task<Certs> GenerateUserCerts(UserCertsRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (request.Username != caller.User && !roles.MayImpersonate(caller, request.Username))
        {
            throw Denied($"user \"{caller.User}\" has requested to generate certs for \"{request.Username}\".");
        }

        var now = time.GetUtcNow();
        var grants = request.AccessRequests.Select(id => UsableRequest(id, request.Username)).ToArray();
        var expires = grants.Select(g => g.Spec.Expires.ToDateTimeOffset()).Append(now + LongestCertificate)
            .Append(request.Expires?.ToDateTimeOffset() ?? now.AddHours(12)).Min();
        if (expires <= now)
        {
            throw BadParameter("certificate would be expired");
        }

        var granted = grants.SelectMany(g => g.Spec.Roles).Concat(request.Username == caller.User ? caller.Roles : [])
            .Distinct(StringComparer.Ordinal).ToArray();
        var certs = new Certs
        {
            TlsCaCerts = { ByteString.CopyFromUtf8(authority.Certificate.ExportCertificatePem()) },
            SshCaCerts = { ByteString.CopyFromUtf8(authority.Ssh.PublicKey) }
        };
        try
        {
            if (!request.TlsPublicKey.IsEmpty)
            {
                using var tls = authority.IssueUser(ReadPublicKey(request.TlsPublicKey.ToStringUtf8()), request.Username, granted,
                    request.AccessRequests, now.AddMinutes(-1), expires);
                certs.Tls = ByteString.CopyFromUtf8(tls.ExportCertificatePem());
            }

            var sshKey = request.SshPublicKey.IsEmpty ? request.PublicKey : request.SshPublicKey;
            if (!sshKey.IsEmpty)
            {
                var principals = request.SshLogin.Length > 0 ? [request.SshLogin] : new[] { request.Username };
                certs.Ssh = ByteString.CopyFromUtf8(authority.Ssh.SignUserKey(sshKey.ToStringUtf8(), 0, request.Username, principals,
                    now.AddMinutes(-1), expires, ["permit-pty", "permit-port-forwarding"]));
            }
        }
        catch (Exception e) when (e is FormatException or CryptographicException or ArgumentException)
        {
            throw BadParameter($"invalid public key: {e.Message}");
        }

        return certs.Tls.IsEmpty && certs.Ssh.IsEmpty ? throw BadParameter("missing public key") : Task.FromResult(certs);
    }

    private AccessRequestV3 UsableRequest(string id, string user)
    {
        var request = store.Find(id) ?? throw NotFound(id);
        return request.Spec.User != user ? throw Denied("access request belongs to another user")
            : request.Spec.State != RequestState.Approved
                ? throw Denied($"access request \"{id}\" is in state {request.Spec.State.ToString().ToUpperInvariant()}")
            : request.Spec.AssumeStartTime is { } start && start.ToDateTimeOffset() > time.GetUtcNow()
                ? throw BadParameter($"access request \"{id}\" can not be assumed until {start}")
            : request;
    }

    private static PublicKey ReadPublicKey(string pem)
    {
        var der = Convert.FromBase64String(string.Concat(pem.Split('\n').Where(l => !l.StartsWith('-')).Select(l => l.Trim())));
        return PublicKey.CreateFromSubjectPublicKeyInfo(der, out _);
    }

    private static bool Matches(AccessRequestV3 request, MapField<string, string> filter) =>
        (!filter.TryGetValue("user", out var user) || request.Spec.User == user)
        && (!filter.TryGetValue("id", out var id) || request.Metadata.Name == id)
        && (!filter.TryGetValue("state", out var state) || string.Equals(request.Spec.State.ToString(), state, StringComparison.OrdinalIgnoreCase));

    private static RpcException Denied(string message) => new(new Status(StatusCode.PermissionDenied, message));

    private static RpcException BadParameter(string message) => new(new Status(StatusCode.InvalidArgument, message));

    private static RpcException NotFound(string id) => new(new Status(StatusCode.NotFound, $"access request \"{id}\" not found"));
}
