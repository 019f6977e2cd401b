import { Problem } from "../core/index.ts";
import { type Attempt, type AttemptOptions, untilDone } from "./attempts.ts";
import { checkedSha256 } from "./digests.ts";
import { type ByteRange, type Hub, type OpenedRange, type RemoteFile, unreachable } from "./hub.ts";
import { openUnfinished, type Piecework, type UnfinishedFile } from "./unfinished-file.ts";

export interface FetchOptions extends AttemptOptions {
  readonly hub: Hub;
  readonly piecework: Piecework;
  /** Runs a request when there is a connection to spare. */
  readonly slots: <T>(work: () => Promise<T>) => Promise<T>;
  readonly unfinishedFolder: string;
  /** Told of bytes as they come, and of those that turn out to be none (negative). */
  readonly onBytes: (bytes: number) => void;
  readonly onCheck: (path: string) => void;
}

/**
 * Fetches one file, in several requests at once, from where an earlier pull was cut off. It gets its name when its digest is right, and
 * not before.
 *
 * @returns its SHA-256
 * @throws Problem
 */
export async function fetchFile(file: RemoteFile, to: string, options: FetchOptions): Promise<string> {
  const first = await fetchOnce(file, to, options);
  if (first.sha256 !== undefined) return first.sha256;
  // What an earlier pull left may be what is wrong: a machine that lost its power forgets what it said was written.
  const second = first.kept > 0 ? await fetchOnce(file, to, options) : first;
  if (second.sha256 !== undefined) return second.sha256;
  throw altered(file, options.hub.host);
}

async function fetchOnce(file: RemoteFile, to: string, options: FetchOptions): Promise<{ sha256: string | undefined; kept: number }> {
  const part = await openUnfinished(options.unfinishedFolder, file, options.piecework);
  let gained = part.kept;
  options.onBytes(part.kept);
  const onBytes = (bytes: number) => {
    gained += bytes;
    options.onBytes(bytes);
  };
  try {
    const asListed = await fetchRanges(file, part, { ...options, onBytes });
    options.onCheck(file.path);
    const sha256 = asListed ? await checkedSha256(part.path, file, options.signal) : undefined;
    if (sha256 === undefined) {
      await part.discard();
      options.onBytes(-gained);
    } else {
      await part.finish(to);
    }
    return { sha256, kept: part.kept };
  } catch (thrown) {
    await part.leave();
    throw thrown;
  }
}

/** @returns false where something else than the listed file is sent */
async function fetchRanges(file: RemoteFile, part: UnfinishedFile, options: FetchOptions): Promise<boolean> {
  const [first, ...others] = part.missing();
  if (!first) return true;
  const stop = new AbortController();
  const source: Source = { address: undefined, whole: false, asListed: true };
  const fetchOne = (range: ByteRange) =>
    options.slots(async () => {
      try {
        if (source.asListed)
          await fetchRange(file, part, range, source, { ...options, signal: AbortSignal.any([options.signal, stop.signal]) });
      } catch (thrown) {
        stop.abort(thrown);
        throw thrown;
      }
    });
  await fetchOne(first);
  const rest = source.whole ? [] : others;
  const results = await Promise.allSettled(rest.map(fetchOne));
  options.signal.throwIfAborted();
  if (stop.signal.aborted) throw stop.signal.reason;
  return source.asListed && results.every(({ status }) => status === "fulfilled");
}

/** What has been learnt of where the file comes from. */
interface Source {
  address: URL | undefined;
  whole: boolean;
  asListed: boolean;
}

async function fetchRange(file: RemoteFile, part: UnfinishedFile, range: ByteRange, source: Source, options: FetchOptions): Promise<void> {
  const { hub, signal } = options;
  let at = range.start;
  let end = range.end;

  await untilDone(async (): Promise<Attempt<undefined>> => {
    const before = at;
    const opened = await hub.open(file, { start: at, end }, source.address, signal);
    if (!("done" in opened)) return opened;
    source.address = opened.done.address;
    if (opened.done.whole) {
      source.whole = true;
      end = file.bytes;
    }
    try {
      source.asListed &&= opened.done.asListed && (await take(opened.done));
      if (!source.asListed || at === end) return { done: undefined };
      return { again: unreachable(hub.host, undefined), progressed: at > before };
    } catch (thrown) {
      if (thrown instanceof Problem) throw thrown;
      signal.throwIfAborted();
      return { again: unreachable(hub.host, thrown), progressed: at > before };
    } finally {
      opened.done.body.destroy();
    }
  }, options);

  /** @returns false where more comes than there should be */
  async function take({ body, whole }: OpenedRange): Promise<boolean> {
    let offset = whole ? 0 : at;
    for await (const chunk of body) {
      offset += chunk.length;
      if (offset > end) return false;
      if (offset <= at) continue;
      const fresh = chunk.subarray(chunk.length - Math.min(chunk.length, offset - at));
      options.onBytes(await writeTo(part, at, fresh));
      at += fresh.length;
    }
    return true;
  }
}

async function writeTo(part: UnfinishedFile, at: number, bytes: Uint8Array): Promise<number> {
  try {
    return await part.write(at, bytes);
  } catch (cause) {
    const full = cause instanceof Error && ["ENOSPC", "EDQUOT"].includes(String(Reflect.get(cause, "code")));
    const why = full ? "the disk is full: make room and pull again, it goes on from here" : `${part.path} cannot be written`;
    throw new Problem("bad-setting", why, { cause });
  }
}

function altered({ path, repository, bytes }: RemoteFile, host: string): Problem {
  return new Problem(
    "weights-missing",
    `what ${host} sends as ${path} of ${repository} is not the file that it lists; nothing of it was kept`,
    {
      details: { files: [{ name: path, bytes }] },
    },
  );
}
