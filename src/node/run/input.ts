import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { Problem, type TaskId } from "../../core/index.ts";

/** A file on its way to a model. */
export interface SentFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}

/** Tasks that are about a file; a prompt that is the path of one means that file. */
const aboutFiles: { readonly [T in TaskId]?: string } = {
  "image-classification": "a picture",
  "object-detection": "a picture",
  "image-to-text": "a picture",
  "automatic-speech-recognition": "a recording",
};

/** What a model is given: words, the file of `--file`, or stdin where there is neither. */
export async function readInput(
  task: TaskId,
  words: readonly string[],
  path: string | undefined,
): Promise<{ readonly prompt: string; readonly file: SentFile | undefined }> {
  const said = words.join(" ");
  const wanted = aboutFiles[task];
  if (path !== undefined) return { prompt: said === "-" ? await text(process.stdin) : said, file: await fileAt(path) };
  if (wanted === undefined) return { prompt: said === "" || said === "-" ? await text(process.stdin) : said, file: undefined };
  if (said === "" && process.stdin.isTTY) throw new Problem("bad-input", `this model wants ${wanted}: give its path, or --file`);
  if (said === "" || said === "-") return { prompt: "", file: await fileAt("-") };
  const [first = "", ...rest] = words;
  return existsSync(said) ? { prompt: "", file: await fileAt(said) } : { prompt: rest.join(" "), file: await fileAt(first) };
}

/** Most of what is sent is known by its bytes; the name's end is a hint for who looks at that. */
const mediaTypes: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".wav": "audio/wav",
  ".mp3": "audio/mpeg",
  ".flac": "audio/flac",
  ".ogg": "audio/ogg",
  ".opus": "audio/ogg",
  ".webm": "audio/webm",
  ".m4a": "audio/mp4",
  ".txt": "text/plain",
  ".md": "text/plain",
};

async function fileAt(path: string): Promise<SentFile> {
  const mediaType = mediaTypes[extname(path).toLowerCase()] ?? "application/octet-stream";
  if (path === "-") return { name: "stdin", bytes: new Uint8Array(await buffer(process.stdin)), mediaType };
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Problem("bad-input", `there is no file ${path}`);
  try {
    return { name: basename(path), bytes: new Uint8Array(readFileSync(path)), mediaType };
  } catch (thrown) {
    throw new Problem("bad-input", `${path} cannot be read; this user needs the right to`, { cause: thrown });
  }
}

/** The words, and the file where it is text. @throws Problem where it is something else */
export function textOf(prompt: string, file: SentFile | undefined): string {
  if (!file) return prompt;
  try {
    const content = new TextDecoder("utf-8", { fatal: true }).decode(file.bytes).trim();
    return prompt === "" ? content : `${prompt}\n\n${content}`;
  } catch {
    throw new Problem("bad-input", `${file.name} is no text, and this model reads only text`);
  }
}
