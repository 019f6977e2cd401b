export { openPicture, pngOf, type Picture } from "./picture.ts";
export type { Pixels } from "./pixels.ts";
export { scaled, type Filter } from "./scale.ts";
export { readRecording, type Recording, type RecordingOptions } from "./recording.ts";
export { createSoundWriter, isWritableSound, type SoundWriter, writableSounds, type WritableSound } from "./sound-writer.ts";
