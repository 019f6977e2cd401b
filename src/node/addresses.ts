import { isIP } from "node:net";
import { networkInterfaces } from "node:os";

/** Whether only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Where a client on this machine finds a server that listens on `host`. */
export function urlOf(host: string, port: number): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`;
}

/** Where other machines find it: at this machine's addresses where `host` is all of them. Empty where none can. */
export function urlsFromElsewhere(host: string, port: number): string[] {
  if (isLoopback(host)) return [];
  if (host !== "0.0.0.0" && host !== "::") return [urlOf(host, port)];
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family, address }) => !internal && (family === "IPv4" || host === "::") && !address.startsWith("fe80:"))
    .map(({ address }) => urlOf(address, port));
}
