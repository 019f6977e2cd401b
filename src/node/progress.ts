import { sizeText, type PullEvent } from "../weights/index.ts";

export interface ProgressOutput {
  readonly write: (text: string) => unknown;
  /** Width of the terminal; undefined: no terminal, and no line is written over. */
  readonly columns: number | undefined;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Milliseconds between two drawings of the bar. */
const drawEvery = 100;

/** Tells people how a pull goes: a bar on a terminal, and a line for every tenth elsewhere. */
export function createProgress({ write, columns, now }: ProgressOutput): {
  readonly tell: (event: PullEvent) => void;
  readonly end: () => void;
} {
  let begun: { readonly at: number; readonly bytes: number } | undefined;
  let drawnAt = 0;
  let bar = "";
  let tenths = 0;

  function say(line: string): void {
    write(`${bar === "" ? "" : "\r\u001b[2K"}${line}\n${bar}`);
  }

  function draw(line: string): void {
    bar = line;
    write(`\r\u001b[2K${line}`);
  }

  function progress(bytes: number, totalBytes: number): void {
    begun ??= { at: now(), bytes };
    if (columns === undefined) {
      const reached = Math.floor((bytes / totalBytes) * 10);
      if (reached > tenths) say(`${reached * 10} % of ${sizeText(totalBytes)}`);
      tenths = Math.max(tenths, reached);
      return;
    }
    if (now() - drawnAt < drawEvery && bytes < totalBytes) return;
    drawnAt = now();
    const seconds = (drawnAt - begun.at) / 1000;
    draw(barText(bytes, totalBytes, seconds > 0 ? (bytes - begun.bytes) / seconds : 0, columns));
  }

  return {
    tell(event) {
      if (event.type === "progress") progress(event.bytes, event.totalBytes);
      else if (event.type !== "checking") say(sentenceOf(event));
      else if (columns !== undefined) draw(`checking ${event.path}`.slice(0, columns - 1));
    },
    end() {
      if (bar !== "") write("\r\u001b[2K");
      bar = "";
    },
  };
}

function sentenceOf(event: Exclude<PullEvent, { type: "progress" | "checking" }>): string {
  switch (event.type) {
    case "passed-over":
      return `${event.repository} is passed over: ${event.why}`;
    case "chosen": {
      const bytes = event.files.reduce((sum, file) => sum + file.bytes, 0);
      const [first] = event.files;
      const what = event.files.length === 1 && first ? first.path : `${event.files.length} files`;
      const as = event.locked ? ", as weights.json has it" : "";
      return `${what}, ${sizeText(bytes)}, from ${event.repository} at ${event.revision.slice(0, 7)}${as}`;
    }
    case "waiting":
      return `another process fetches from ${event.repository}; waiting for it`;
    default:
      return `${event.why.split(";")[0]}; trying again in ${Number(event.seconds.toFixed(1))} s`;
  }
}

/** ` 62 % ██████░░░░ 2.7 GB of 4.37 GB, 38 MB/s, 0:43 left`, as wide as fits. */
export function barText(bytes: number, totalBytes: number, bytesPerSecond: number, columns: number): string {
  const share = totalBytes === 0 ? 1 : bytes / totalBytes;
  const left = bytesPerSecond > 0 ? Math.ceil((totalBytes - bytes) / bytesPerSecond) : 0;
  const rate = bytesPerSecond > 0 ? `, ${sizeText(Math.round(bytesPerSecond))}/s, ${timeText(left)} left` : "";
  const percent = `${Math.floor(share * 100)
    .toString()
    .padStart(3)} %`;
  const text = `${sizeText(bytes)} of ${sizeText(totalBytes)}${rate}`;
  const width = Math.min(30, columns - 1 - percent.length - text.length - 2);
  if (width < 5) return `${percent} ${text}`.slice(0, columns - 1);
  const full = Math.round(share * width);
  return `${percent} ${"█".repeat(full)}${"░".repeat(width - full)} ${text}`;
}

/** 43 seconds are 0:43. */
function timeText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = twoDigits(seconds % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function twoDigits(number: number): string {
  return number.toString().padStart(2, "0");
}
