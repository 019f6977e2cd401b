import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Problem } from "../core/index.ts";
import { readRecording, type Recording } from "./recording.ts";

const file = (name: string) => new Uint8Array(readFileSync(new URL(`samples/${name}`, import.meta.url)));
const read = (bytes: Uint8Array<ArrayBuffer>, signal = new AbortController().signal, mostSeconds = 7200) =>
  readRecording({ bytes, mediaType: "application/octet-stream" }, { rate: 16_000, field: "/audio", signal, mostSeconds });
const all = (recording: Recording) => recording.samples(0, recording.length);

async function problemOf(bytes: Uint8Array<ArrayBuffer>, mostSeconds?: number): Promise<Problem> {
  const thrown: unknown = await read(bytes, undefined, mostSeconds).catch((problem: unknown) => problem);
  if (thrown instanceof Problem) return thrown;
  throw new Error("nothing was refused");
}

/** How alike two recordings are, of -1 to 1, when the second is heard so many samples later. */
function likeness(a: Float32Array, b: Float32Array, later = 0): number {
  let [both, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i + later]];
    both += x * y;
    left += x * x;
    right += y * y;
  }
  return both / Math.sqrt(left * right);
}

const ffmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const sound = file("speech.wav");

describe("a recording", () => {
  it.each([
    ["speech-24.wav", 0.85],
    ["speech-float.wav", 0.85],
    ["speech-8.wav", 0.85],
    ["speech-mulaw.wav", 0.85],
    ["speech-alaw.wav", 0.85],
    ["speech.mp3", 0.95],
    ["speech.flac", 0.99],
    ["speech-vorbis.ogg", 0.9],
    ["speech-opus.ogg", 0.8],
    ["speech.webm", 0.8],
  ])("is the same sound at the same moments in %s", async (name, least) => {
    const first = all(await read(sound));
    const second = await read(file(name));
    const samples = all(second);
    expect(second.seconds).toBeGreaterThan(1.604);
    expect(second.seconds).toBeLessThan(1.62);
    const shifts = Array.from({ length: 81 }, (_, i) => i - 40);
    const best = shifts.toSorted((a, b) => likeness(first, samples, b) - likeness(first, samples, a))[0] ?? 99;
    expect(likeness(first, samples, best)).toBeGreaterThan(least);
    expect(Math.abs(best)).toBeLessThanOrEqual(2); // an eighth of a millisecond
  });

  it("of 16 kHz and 16 bits is read sample by sample", async () => {
    const recording = await read(sound);
    expect([recording.length, recording.seconds]).toEqual([25_680, 1.605]);
    const samples = new Int16Array(sound.slice(44).buffer);
    expect(all(recording)).toEqual(Float32Array.from(samples, (sample) => sample / 32_768));
  });

  it("can be read in part, and has nothing before its beginning and after its end", async () => {
    const recording = await read(sound);
    expect(recording.samples(100, 200)).toEqual(all(recording).slice(100, 200));
    expect(recording.samples(25_600, 99_999)).toHaveLength(80);
    expect(recording.samples(99_000, 99_999)).toHaveLength(0);
  });

  it("that is cut off is read as far as it goes", async () => {
    for (const name of ["speech.mp3", "speech.flac", "speech.wav"]) {
      const whole = file(name);
      const { seconds } = await read(whole.subarray(0, Math.floor(whole.length * 0.7)));
      expect(seconds).toBeGreaterThan(0.5);
      expect(seconds).toBeLessThan(1.5);
    }
  });

  it.runIf(ffmpeg).each(["speech.m4a", "speech.aac", "speech-vorbis.webm"])(
    "in %s is read with the ffmpeg that is installed",
    async (name) => {
      const { seconds } = await read(file(name));
      expect(seconds).toBeGreaterThan(1.6);
      expect(seconds).toBeLessThan(1.75);
    },
  );

  it("in MP4 names ffmpeg where there is none", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      expect(await problemOf(file("speech.m4a"))).toMatchObject({
        code: "bad-input",
        details: { field: "/audio" },
        message:
          "'/audio' holds MP4, which is read only where the program ffmpeg is installed on the server; send wav, mp3, flac, ogg with opus or vorbis or webm with opus",
      });
    } finally {
      process.env["PATH"] = path;
    }
  });
});

const silence = new Uint8Array(gunzipSync(file("silence.flac.gz")));
const text = (content: string) => new TextEncoder().encode(content);

describe("a hostile recording", () => {
  it("of ten silent hours in 72 kB is refused by what its head says", async () => {
    expect(await problemOf(silence)).toMatchObject({ message: "'/audio' is longer than 120 minutes; send it in parts" });
  });

  it("of ten silent hours is refused while it is read where its head keeps silent, before memory is gone", async () => {
    const bytes = silence.slice();
    bytes.fill(0, 22, 26);
    bytes[21] = (bytes[21] ?? 0) & 0xf0;
    const before = process.memoryUsage().rss;
    expect(await problemOf(bytes, 900)).toMatchObject({ message: "'/audio' is longer than 15 minutes; send it in parts" });
    expect(process.memoryUsage().rss - before).toBeLessThan(500_000_000);
  }, 60_000);

  it.each<[string, () => Uint8Array]>([
    ["nothing", () => new Uint8Array()],
    ["one byte", () => Uint8Array.of(255)],
    ["words", () => text("not a recording at all, but a letter to a friend")],
    ["a page", () => text("<html><body>502</body></html>")],
    ["a wav of its head alone", () => sound.slice(0, 44)],
    ["half a head of a wav", () => sound.slice(0, 20)],
    ["a wav of no rate", () => changed(sound, 24, [0, 0, 0, 0])],
    ["a wav of a wild rate", () => changed(sound, 24, [255, 255, 255, 255])],
    ["a wav of no channels", () => changed(sound, 22, [0, 0])],
    ["a wav of 65,535 channels", () => changed(sound, 22, [255, 255])],
    ["a wav of an unknown kind", () => changed(sound, 20, [99, 99])],
    ["a flac of its name alone", () => text("fLaC")],
    ["a flac of noise", () => noise(text("fLaC"))],
    ["an ogg of noise", () => noise(text("OggS"))],
    ["a webm of noise", () => noise(Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3))],
    ["a webm of nothing but beginnings", () => Buffer.from(`1a45dfa380${"1853806701ffffffffffffff".repeat(20)}`, "hex")],
    ["an mp3 of noise", () => noise(text("ID3"))],
    ["an mp3 of its tag alone", () => text("ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0000")],
    ["an mp4 of noise", () => noise(text("\u0000\u0000\u0000\u0018ftypM4A "))],
    ["an aac of noise", () => noise(Uint8Array.of(0xff, 0xf1))],
  ])("that is %s is refused", async (_, make) => {
    expect(await problemOf(new Uint8Array(make()))).toMatchObject({ code: "bad-input", details: { field: "/audio" } });
  });

  it("is left as soon as its caller leaves", async () => {
    await expect(read(file("speech.mp3"), AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
  });
});

function changed(bytes: Uint8Array, at: number, by: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(by, at);
  return copy;
}

/** Bytes without sense, always the same. */
function noise(head: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(20_000);
  let state = 1;
  for (let i = 0; i < bytes.length; i++) bytes[i] = (state = (state * 48_271) % 2_147_483_647) & 127;
  bytes.set(head);
  return bytes;
}
