// `wrangler types` writes this.
declare namespace Cloudflare {
  interface Env {
    AI: Ai;
  }
}
