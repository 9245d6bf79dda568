using System.CommandLine;

namespace CertsTool.Commands;

/// <summary><c>show FILE_OR_NAME</c>: one certificate, readable, with what is odd about it.</summary>
internal static class ShowCommand
{
    public static Command Create(CommonOptions common)
    {
        var subject = new Argument<string>("FILE_OR_NAME") { Description = "a PEM file, a client's name, \"server\" or \"ca\"" };
        var command = new Command("show", "Shows one certificate. Example: certs-tool show alice") { subject, common.Dir };
        command.SetAction(result => Terminal.Run(() => Show(common.Folder(result), result.GetValue(subject)!)));
        return command;
    }

    private static int Show(PkiFolder folder, string subject)
    {
        var file = File.Exists(subject) ? subject : subject switch
        {
            "ca" => folder.Authority,
            "server" => Path.Combine(folder.Bundle("server", subject), "cert.pem"),
            _ => Path.Combine(folder.Bundle("client", PkiFolder.CheckName(subject)), "cert.pem"),
        };
        var certificate = PemFile.ReadCertificate(file);
        var authority = File.Exists(folder.Authority) ? PemFile.ReadCertificate(folder.Authority) : null;
        var entry = CertificateAuthority.Entry(subject, "", certificate);
        Terminal.Print($"file:        {file}");
        Terminal.Print($"subject:     {certificate.SubjectDN}");
        Terminal.Print($"issuer:      {certificate.IssuerDN}");
        Terminal.Print($"serial:      {entry.Serial}");
        Terminal.Print($"not before:  {entry.NotBefore:u}");
        Terminal.Print($"not after:   {entry.NotAfter:u}");
        Terminal.Print($"purpose:     {(certificate.GetBasicConstraints() >= 0 ? "certificate authority" : string.Join(", ", certificate.GetExtendedKeyUsage()?.Select(u => u.Id) ?? []))}");
        Terminal.Print($"names:       {string.Join(", ", certificate.GetSubjectAlternativeNames()?.Select(n => n[1].ToString()) ?? [])}");
        Terminal.Print($"sha-256:     {entry.Sha256}");
        foreach (var finding in Lint.Check(certificate, authority, DateTime.UtcNow))
        {
            Terminal.Print($"odd:         {finding}");
        }

        return 0;
    }
}
