import type { EncodedPacketSink as Packets, InputAudioTrack } from "mediabunny";
import type { SoundPieces } from "./sound-piece.ts";

/** Sound of a file whose container is read by mediabunny: samples as they are, or packets of opus. */
export async function* containedSound(bytes: Uint8Array, unread: (codec: string) => Error): SoundPieces {
  const { ALL_FORMATS, AudioSampleSink, BufferSource, EncodedPacketSink, Input } = await import("mediabunny");
  const input = new Input({ source: readsCounted(new BufferSource(bytes), bytes.length), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (!track) throw unread("no sound");
    if (track.codec === "opus") {
      yield* opusSound(track, new EncodedPacketSink(track));
      return;
    }
    if (!track.codec || !/^pcm|law$/.test(track.codec)) throw unread(track.codec ?? "a codec without a name");
    for await (const sample of new AudioSampleSink(track).samples()) {
      const channels = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
        const data = new Float32Array(sample.numberOfFrames);
        sample.copyTo(data, { planeIndex, format: "f32-planar" });
        return data;
      });
      const rate = sample.sampleRate;
      sample.close();
      yield { rate, channels };
    }
  } finally {
    input.dispose();
  }
}

/** Reads of a file, whatever its size. */
const fewReads = 10_000;

/**
 * Where Matroska is damaged, mediabunny 1.61 looks for the next whole part at the same place for ever, without a turn for anybody else. No
 * part of a file is shorter than two bytes, so whoever reads more often than that goes round in a circle.
 */
function readsCounted<S extends object>(source: S, bytes: number): S {
  const read: unknown = Reflect.get(source, "_read"); // every format comes through here; there is no public way to see it
  if (typeof read !== "function") throw new TypeError("mediabunny reads in another way than it did: look for what replaces _read");
  let left = fewReads + bytes / 2;
  return Object.assign(source, {
    _read(...words: unknown[]): unknown {
      if (--left < 0) throw new Error("the file is read in a circle");
      return read.apply(source, words);
    },
  });
}

/** Opus always sounds at this rate, whatever was encoded. */
const opusRate = 48_000;

/** Packets that are decoded at a time: of 2.5 to 120 milliseconds each. */
const packetsAtOnce = 50;

async function* opusSound(track: InputAudioTrack, sink: Packets): SoundPieces {
  const { OpusDecoder } = await import("opus-decoder");
  const head = opusHeadOf(await track.getDecoderConfig());
  const channels = head?.channels ?? track.numberOfChannels;
  const decoder = new OpusDecoder({ channels, ...head?.streams });
  await decoder.ready;
  let skip = head?.preSkip ?? 0;
  let left = Infinity; // of an ogg stream, whose last page says where the sound ends
  let waiting: Uint8Array[] = [];
  let made = 0;

  function* decoded() {
    const { channelData, samplesDecoded } = decoder.decodeFrames(waiting);
    waiting = [];
    const from = Math.min(skip, samplesDecoded);
    const to = Math.max(from, Math.min(samplesDecoded, from + left - made));
    skip -= from;
    made += to - from;
    if (to > from) yield { rate: opusRate, channels: channelData.map((data) => data.subarray(from, to)) };
  }

  try {
    for await (const packet of sink.packets()) {
      waiting.push(packet.data);
      // A packet that is cut short is the last one of a stream that is cut there.
      left = packet.duration > 0 ? Math.round((packet.timestamp + packet.duration) * opusRate) : Infinity;
      if (waiting.length >= packetsAtOnce) yield* decoded();
    }
    yield* decoded();
  } finally {
    decoder.free();
  }
}

/** Channels, and the samples that come before the sound. Source: RFC 7845, section 5.1. */
function opusHeadOf(config: AudioDecoderConfig | null) {
  const { description } = config ?? {};
  if (!description) return undefined;
  const view = ArrayBuffer.isView(description)
    ? new DataView(description.buffer, description.byteOffset, description.byteLength)
    : new DataView(description);
  if (view.byteLength < 19) return undefined;
  const channels = view.getUint8(9);
  const mapped = view.getUint8(18) !== 0 && view.byteLength >= 21 + channels;
  const streams = mapped && {
    streamCount: view.getUint8(19),
    coupledStreamCount: view.getUint8(20),
    channelMappingTable: Array.from({ length: channels }, (_, channel) => view.getUint8(21 + channel)),
  };
  return { channels, preSkip: view.getUint16(10, true), streams: streams || {} };
}
