namespace Gateway.Archives;

/// <summary>An archive is not passed on any further. The message names the entry and says what to do; entries before it are passed on already.</summary>
internal sealed class ArchiveRefusedException(string message) : Exception(message);
