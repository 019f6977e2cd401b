/** The formats of sound that are told apart by the first bytes of their files in hexadecimal: what a client says that a file is does not count. */
const signatures = [
  ["wav", /^(?:52494646|52463634).{8}57415645/],
  ["flac", /^664c6143/],
  ["ogg", /^4f676753/],
  ["webm", /^1a45dfa3/],
  ["mp4", /^.{8}66747970/],
  ["aac", /^fff[0189]/],
  ["mp3", /^(?:494433|ffe|fff)/],
] as const;

export type SoundFormat = (typeof signatures)[number][0];

/** What is read without a program of the operator's. */
export const soundFormats = ["wav", "mp3", "flac", "ogg with opus or vorbis", "webm with opus"] as const;

export function soundFormatOf(bytes: Uint8Array): SoundFormat | undefined {
  const head = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return signatures.find(([, signature]) => signature.test(head))?.[0];
}
