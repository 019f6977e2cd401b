import * as z from "zod";

/**
 * Names come from a hub, or from a lock file that somebody handed on, and become paths here. What passes is a plain relative path on
 * every system: no `..`, no drive, no device, nothing hidden, no ending that Windows drops.
 */
const segment = /^[A-Za-z0-9_][\w.+-]*$/;
const windowsDevice = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

function isPlain(name: string): boolean {
  return segment.test(name) && name.length <= 128 && !name.endsWith(".") && !name.includes("..") && !windowsDevice.test(name);
}

/** `OWNER/NAME` */
export const repositoryName = z
  .string()
  .refine((name) => name.split("/").length === 2 && name.split("/").every(isPlain), "must be OWNER/NAME");

/** A file's path within its repository. */
export const filePath = z
  .string()
  .max(300)
  .refine((path) => path.split("/").length <= 8 && path.split("/").every(isPlain), "must be a plain relative path");

/** A commit, which never changes, as opposed to a branch. */
export const commit = z.string().regex(/^[0-9a-f]{40}$/);

export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
