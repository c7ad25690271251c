using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace DevPlatform.MockTools.Hosting;

/// <summary>An OpenSSH certificate authority with an ECDSA P-256 key: signs user keys (PROTOCOL.certkeys of OpenSSH).</summary>
internal sealed class OpenSshCa(ECDsa key)
{
    private const string KeyType = "ecdsa-sha2-nistp256";
    private const string Curve = "nistp256";
    private const uint UserCertificate = 1;

    /// <summary>The CA's public key in authorized_keys form.</summary>
    public string PublicKey => PublicKeyLine(key);

    /// <summary>A P-256 public key in authorized_keys form.</summary>
    public static string PublicKeyLine(ECDsa key) => $"{KeyType} {Convert.ToBase64String(PublicKeyBlob(key))}";

    /// <summary>Signs a key in authorized_keys form and returns the certificate in the same form, with a line feed at its end.</summary>
    /// <exception cref="FormatException">The key is none.</exception>
    public string SignUserKey(string publicKey, ulong serial, string keyId, IEnumerable<string> principals, DateTimeOffset validAfter,
        DateTimeOffset validBefore, IEnumerable<string> extensions)
    {
        var (type, blob) = Parse(publicKey);
        var certificateType = $"{type}-cert-v01@openssh.com";
        var typeLength = 4 + type.Length;
        var writer = new Writer();
        writer.Text(certificateType);
        writer.String(RandomNumberGenerator.GetBytes(32));
        writer.Raw(blob.AsSpan(typeLength));
        writer.UInt64(serial);
        writer.UInt32(UserCertificate);
        writer.Text(keyId);
        writer.String(Strings(principals));
        writer.UInt64((ulong)validAfter.ToUnixTimeSeconds());
        writer.UInt64((ulong)validBefore.ToUnixTimeSeconds());
        writer.String([]);
        writer.String(Strings(extensions.Order(StringComparer.Ordinal).SelectMany(e => new[] { e, "" })));
        writer.String([]);
        writer.String(PublicKeyBlob(key));
        writer.String(Signature(writer.ToArray()));
        return $"{certificateType} {Convert.ToBase64String(writer.ToArray())}\n";
    }

    private static (string Type, byte[] Blob) Parse(string publicKey)
    {
        var fields = publicKey.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length < 2
            || fields[0] is not ("ssh-ed25519" or "ssh-rsa" or "ecdsa-sha2-nistp256" or "ecdsa-sha2-nistp384" or "ecdsa-sha2-nistp521"))
        {
            throw new FormatException("ssh: no key found");
        }

        var blob = Convert.FromBase64String(fields[1]);
        return blob.Length > 4 + fields[0].Length && Encoding.ASCII.GetString(blob, 4, fields[0].Length) == fields[0] ? (fields[0], blob)
            : throw new FormatException("ssh: no key found");
    }

    private byte[] Signature(byte[] content)
    {
        var raw = key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var numbers = new Writer();
        numbers.Number(raw.AsSpan(0, 32));
        numbers.Number(raw.AsSpan(32));
        var signature = new Writer();
        signature.Text(KeyType);
        signature.String(numbers.ToArray());
        return signature.ToArray();
    }

    private static byte[] PublicKeyBlob(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var writer = new Writer();
        writer.Text(KeyType);
        writer.Text(Curve);
        writer.String([4, .. point.X!, .. point.Y!]);
        return writer.ToArray();
    }

    private static byte[] Strings(IEnumerable<string> values)
    {
        var writer = new Writer();
        foreach (var value in values)
        {
            writer.Text(value);
        }

        return writer.ToArray();
    }

    /// <summary>The wire types of RFC 4251, section 5.</summary>
    private sealed class Writer
    {
        private readonly MemoryStream _stream = new();

        public byte[] ToArray() => _stream.ToArray();

        public void Raw(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

        public void UInt32(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            Raw(bytes);
        }

        public void UInt64(ulong value)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            Raw(bytes);
        }

        public void String(ReadOnlySpan<byte> bytes)
        {
            UInt32((uint)bytes.Length);
            Raw(bytes);
        }

        public void Text(string text) => String(Encoding.UTF8.GetBytes(text));

        public void Number(ReadOnlySpan<byte> bigEndian) =>
            String(new BigInteger(bigEndian, isUnsigned: true, isBigEndian: true).ToByteArray(isBigEndian: true));
    }
}
