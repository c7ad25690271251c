using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using DevPlatform.Access.Teleport.Protos;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DevPlatform.MockTools.Tests.Teleport;

/// <summary>mTLS, identity files, certificates and recordings.</summary>
[Collection("teleport")]
public sealed class IdentityTests(TeleportFixture teleport)
{
    [Fact]
    public void The_identity_file_has_teleports_parts_in_their_order()
    {
        var lines = File.ReadAllLines(teleport.IdentityFile);

        string[] expected = ["-----BEGIN PRIVATE KEY-----", "ecdsa-sha2-nistp256-cert-v01@openssh.com", "-----BEGIN CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----", "@cert-authority"];
        lines.Where(l => l.StartsWith("-----BEGIN", StringComparison.Ordinal) || l.StartsWith("ecdsa", StringComparison.Ordinal)
            || l.StartsWith('@')).Select(l => l.Split(' ')[0] == "-----BEGIN" ? l : l.Split(' ')[0]).ShouldBe(expected);
    }

    [Fact]
    public async Task Who_has_no_certificate_of_the_cluster_is_not_let_in()
    {
        (await Should.ThrowAsync<RpcException>(async () => await teleport.Client(null).PingAsync(new PingRequest())))
            .StatusCode.ShouldBeOneOf(StatusCode.Unavailable, StatusCode.Internal, StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Health_is_on_the_plain_address_where_grpc_is_not()
    {
        (await teleport.Http.GetFromJsonAsync<JsonElement>("/health")).GetProperty("tool").GetString().ShouldBe("teleport");
        using var call = await teleport.Http.PostAsync("/proto.AuthService/Ping", new ByteArrayContent([]));
        call.StatusCode.ShouldNotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Certificates_of_an_approved_request_carry_its_roles_and_end_with_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var until = DateTimeOffset.UtcNow.AddMinutes(30);
        var request = await teleport.Portal.CreateAccessRequestV2Async(new AccessRequestV3
        {
            Spec = new AccessRequestSpecV3
            {
                User = "ana",
                Roles = { "database-read" },
                MaxDuration = until.ToTimestamp()
            }
        });
        var ask = new UserCertsRequest
        {
            Username = "ana",
            Expires = until.AddHours(5).ToTimestamp(),
            AccessRequests = { request.Metadata.Name },
            SshLogin = "ubuntu",
            TlsPublicKey = ByteString.CopyFromUtf8(key.ExportSubjectPublicKeyInfoPem()),
            SshPublicKey = ByteString.CopyFromUtf8("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOQtV4ahUYuDfvsI50g1+rEG0OGHkQs4RhNW2ls9gb0Z ana"),
        };
        (await Should.ThrowAsync<RpcException>(async () => await teleport.Portal.GenerateUserCertsAsync(ask)))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
        await teleport.Portal.SetAccessRequestStateAsync(new RequestStateSetter { Id = request.Metadata.Name, State = RequestState.Approved });

        var certs = await teleport.Portal.GenerateUserCertsAsync(ask);

        using var tls = X509Certificate2.CreateFromPem(certs.Tls.ToStringUtf8());
        tls.Subject.ShouldContain("CN=ana");
        tls.Subject.ShouldContain("O=database-read");
        tls.NotAfter.ToUniversalTime().ShouldBe(until.UtcDateTime, TimeSpan.FromSeconds(1));
        using var authority = X509Certificate2.CreateFromPem(certs.TlsCaCerts[0].ToStringUtf8());
        using var chain = new X509Chain
        {
            ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck }
        };
        chain.Build(tls).ShouldBeTrue();
        certs.Ssh.ToStringUtf8().ShouldStartWith("ssh-ed25519-cert-v01@openssh.com ");
    }

    [Fact]
    public async Task An_ordinary_user_gets_no_certificate_for_another()
    {
        var ana = await teleport.ClientAsync("ana", "requester");

        (await Should.ThrowAsync<RpcException>(async () => await ana.GenerateUserCertsAsync(new UserCertsRequest { Username = "bo" })))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Recorded_sessions_are_listed_for_those_who_may_see_them()
    {
        var user = $"recorded-{Guid.NewGuid():N}";
        using var added = await teleport.Http.PostAsJsonAsync("/__admin/sessions",
            new { user, database = "orders", accessRequests = new[] { "r1" } });
        var session = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sessionId").GetString()!;

        var recordings = await teleport.Portal.GetSessionEventsAsync(new GetSessionEventsRequest { Limit = 100, Order = Order.Ascending });

        var mine = recordings.Items.Where(e => e.DatabaseSessionEnd?.User.User == user).ShouldHaveSingleItem().DatabaseSessionEnd;
        mine.Session.SessionId.ShouldBe(session);
        mine.User.AccessRequests.ShouldBe(["r1"]);
        mine.Metadata.Code.ShouldBe("TDB01I");
        var ana = await teleport.ClientAsync("ana", "requester");
        (await Should.ThrowAsync<RpcException>(async () => await ana.GetSessionEventsAsync(new GetSessionEventsRequest())))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }
}
