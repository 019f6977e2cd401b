import { readFileSync } from "node:fs";
import type { Media } from "../../../core/index.ts";
import { builtIn } from "../models.case.ts";

export const tinyListen = builtIn("tiny-listen", "automatic-speech-recognition");

const samples = new URL("../../../media/samples/", import.meta.url);
const heldOut = new URL("../../../../models/tiny-listen/held-out/", import.meta.url);

/** "seven green birds", in many formats. */
export function sample(file: string): Media {
  return mediaOf(readFileSync(new URL(file, samples)));
}

/** Recordings that the model was not trained on, with what is said in them. */
export function recordings(): readonly { readonly audio: Media; readonly text: string }[] {
  const rows = JSON.parse(readFileSync(new URL("said.json", heldOut), "utf8")) as readonly { file: string; text: string }[];
  return rows.map(({ file, text }) => ({ audio: mediaOf(readFileSync(new URL(file, heldOut))), text }));
}

export function mediaOf(bytes: Uint8Array): Media {
  return { bytes: new Uint8Array(bytes), mediaType: "application/octet-stream" };
}

/** A WAV file of 16 kHz and 16 bits. */
export function wavOf(sound: Float32Array): Media {
  const bytes = new Uint8Array(44 + sound.length * 2);
  bytes.set(sample("speech.wav").bytes.subarray(0, 44));
  const view = new DataView(bytes.buffer);
  view.setUint32(4, bytes.length - 8, true);
  view.setUint32(40, sound.length * 2, true);
  sound.forEach((value, i) => view.setInt16(44 + i * 2, Math.round(value * 32_767), true));
  return mediaOf(bytes);
}
