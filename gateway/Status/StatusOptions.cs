using System.Net;

namespace Gateway.Status;

/// <summary>Where the gateway tells how it is.</summary>
/// <param name="Metrics">Plain HTTP for health and metrics; null for none.</param>
/// <param name="ControlSocket">The socket of <c>gateway status</c>; null for the usual place.</param>
internal sealed record StatusOptions(IPEndPoint? Metrics, string? ControlSocket);
