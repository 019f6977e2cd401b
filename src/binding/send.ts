import { AiInternalError } from "./errors.ts";

/** Asks the server; the path is what workerd's binding asks of its made-up host. */
export type Send = (path: string, init?: RequestInit & { readonly duplex?: "half" }) => Promise<Response>;

export interface Server {
  /** Where Ganglion listens: `http://127.0.0.1:8686`. */
  readonly baseUrl: string;
  /** Its API token. */
  readonly token?: string | undefined;
  /** How to fetch; default: the runtime's own. A service binding's works too. */
  readonly fetch?: (url: string, init?: RequestInit) => Promise<Response>;
}

export function createSend({ baseUrl, token, fetch = (url, init) => globalThis.fetch(url, init) }: Server): Send {
  const base = baseUrl.replace(/\/+$/, "");
  return async (path, init = {}) => {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    try {
      return await fetch(base + path, { ...init, headers });
    } catch (thrown) {
      if (!(thrown instanceof TypeError)) throw thrown; // such as the caller's own abort
      throw new AiInternalError(`Ganglion cannot be reached at ${base}: start it there (\`ganglion serve\`), or correct baseUrl`, {
        cause: thrown,
      });
    }
  };
}
