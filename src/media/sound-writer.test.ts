import { describe, expect, it } from "vitest";
import { readRecording } from "./recording.ts";
import { createSoundWriter, isWritableSound, writableSounds, type WritableSound } from "./sound-writer.ts";

const tone = Float32Array.from({ length: 16_000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / 16_000));

async function written(format: WritableSound) {
  const writer = await createSoundWriter(format, 16_000);
  const sent = [await writer.add(tone.slice(0, 5000)), await writer.add(tone.slice(5000)), await writer.end()];
  return { writer, sent: new Uint8Array(sent.flatMap((piece) => [...piece])), file: writer.file() };
}

const secondsOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  (await readRecording({ bytes, mediaType: "" }, { rate: 16_000, field: "/audio", signal: new AbortController().signal })).seconds;

describe("written sound", () => {
  it("can be wav, pcm and mp3", () => {
    expect(writableSounds).toEqual(["wav", "pcm", "mp3"]);
    expect(["wav", "flac", "toString"].map(isWritableSound)).toEqual([true, false, false]);
  });

  it("is read again as it was, as a WAV file", async () => {
    const { file, writer } = await written("wav");
    expect(writer.mediaType).toBe("audio/wav");
    const recording = await readRecording(
      { bytes: file, mediaType: "" },
      { rate: 16_000, field: "/audio", signal: new AbortController().signal },
    );
    const samples = recording.samples(0, recording.length);
    expect(samples).toHaveLength(16_000);
    samples.forEach((sample, i) => expect(Math.abs(sample - (tone[i] ?? 9))).toBeLessThan(1 / 32_000));
  });

  it("is of the same length as an MP3 file", async () => {
    const { file, sent, writer } = await written("mp3");
    expect(writer.mediaType).toBe("audio/mpeg");
    expect(sent).toEqual(file);
    expect(await secondsOf(file)).toBeGreaterThan(0.99);
    expect(await secondsOf(file)).toBeLessThan(1.2); // what is sent before its length is known cannot say what to trim
  });

  it("is 16 bits at 24 kHz as PCM", async () => {
    const { file, sent } = await written("pcm");
    expect(file).toHaveLength(48_000);
    expect(sent).toEqual(file);
  });

  it("that is sent piece by piece as a WAV file is the file but for its length", async () => {
    const { file, sent } = await written("wav");
    expect(sent.slice(44)).toEqual(file.slice(44));
    expect(await secondsOf(sent)).toBe(1);
  });
});
