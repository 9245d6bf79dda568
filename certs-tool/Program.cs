using CertsTool;

return CommandLine.Run(args, new Session(Terminal.OfProcess(), TimeProvider.System));
